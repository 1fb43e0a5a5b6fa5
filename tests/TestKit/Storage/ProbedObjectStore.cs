// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>A store whose calls a test watches, holds back or lets fail before they reach the inner store. Does not own the inner
/// store.</summary>
public sealed class ProbedObjectStore(IObjectStore inner) : IObjectStore
{
    private int _opens;
    private int _infos;

    /// <summary>Gets or sets what happens before each open.</summary>
    public Func<string, ByteRange?, CancellationToken, Task>? BeforeOpen { get; set; }

    /// <summary>Gets or sets what happens before each read of an open content; the number is the position in the object.</summary>
    public Func<string, long, CancellationToken, Task>? BeforeRead { get; set; }

    /// <summary>Gets or sets what happens when a read of an open content has its bytes; the number is the position after them.</summary>
    public Action<string, long>? AfterRead { get; set; }

    /// <summary>Gets how often an object was opened.</summary>
    public int Opens => Volatile.Read(ref _opens);

    /// <summary>Gets how often facts were asked for.</summary>
    public int Infos => Volatile.Read(ref _infos);

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _infos);
        return inner.GetInfoAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _opens);
        if (BeforeOpen is { } before)
        {
            await before(key, range, cancellationToken);
        }

        var content = await inner.OpenReadAsync(key, range, ifMatch, cancellationToken);
        return new ObjectContent(content.Info, new ProbedStream(this, key, range?.Offset ?? 0, content.Stream))
        {
            IgnoresRange = content.IgnoresRange,
        };
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(key, content, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) => inner.DeleteAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class ProbedStream(ProbedObjectStore store, string key, long position, Stream inner) : Stream
    {
        private long _position = position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (store.BeforeRead is { } before)
            {
                await before(key, _position, cancellationToken);
            }

            var read = await inner.ReadAsync(buffer, cancellationToken);
            _position += read;
            store.AfterRead?.Invoke(key, _position);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException("The engine reads stores asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
