// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Downloads a file beside its place and moves it there when it is whole; what a broken download leaves is resumed. The
/// caller holds the file's lock.</summary>
internal sealed class ExtraFileDownloader(IObjectStore remote)
{
    private long _files;
    private long _bytes;
    private long _resumed;

    public long Files => Interlocked.Read(ref _files);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long ResumedBytes => Interlocked.Read(ref _resumed);

    /// <summary>Downloads.</summary>
    /// <param name="key">The remote file.</param>
    /// <param name="beside">What the names of the unfinished file and its tag begin with.</param>
    /// <param name="file">The file's place.</param>
    /// <param name="held">The file's lock, which shows progress to those who wait for it.</param>
    /// <param name="limit">Makes room; <see langword="null"/> when nothing is deleted.</param>
    /// <param name="cancellationToken">Ends the download; the unfinished file stays.</param>
    public async ValueTask DownloadAsync(
        string key, string beside, string file, FileLock held, ExtraFileLimit? limit, CancellationToken cancellationToken)
    {
        var partial = new PartialFile(beside);
        var content = await OpenAsync(key, partial, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            if (limit is not null)
            {
                await limit.MakeRoomAsync(Math.Max(content.Info.Size, 0), cancellationToken).ConfigureAwait(false);
            }

            await CopyAsync(key, content, partial, held, cancellationToken).ConfigureAwait(false);
        }

        partial.Publish(file);
        Interlocked.Increment(ref _files);
        if (limit is not null)
        {
            await limit.MakeRoomAsync(0, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens the rest of a file that was begun, or all of one that was not, or that has changed since.</summary>
    private async ValueTask<ObjectContent> OpenAsync(string key, PartialFile partial, CancellationToken cancellationToken)
    {
        if (partial.TryReadState() is { Length: > 0, Tag: { } tag } state)
        {
            try
            {
                var rest = await remote.OpenReadAsync(key, new ByteRange(state.Length), tag, cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _resumed, state.Length);
                return rest;
            }
            catch (StorageException error) when (error.Kind == StorageErrorKind.PreconditionFailed)
            {
                // Another file by now, or nothing is missing but the renaming; either way it is read again.
            }
        }

        partial.Delete();
        var content = await remote.OpenReadAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false);
        partial.WriteTag(content.Info.ETag);
        return content;
    }

    private async ValueTask CopyAsync(
        string key, ObjectContent content, PartialFile partial, FileLock held, CancellationToken cancellationToken)
    {
        var expected = content.Info.Size;
        var buffer = ArrayPool<byte>.Shared.Rent(FileDownloader.ChunkSize);
        try
        {
            var stream = partial.OpenAppend();
            await using var disposal = stream.ConfigureAwait(false);
            while (await content.Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                await partial.WriteAsync(stream, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _bytes, read);
                held.ReportProgress();
                if (expected >= 0 && stream.Length > expected)
                {
                    break;
                }
            }

            if (expected >= 0 && stream.Length != expected)
            {
                var actual = stream.Length.ToString(CultureInfo.InvariantCulture);
                await stream.DisposeAsync().ConfigureAwait(false);
                partial.Delete();
                throw new ShardIntegrityException(
                    new ShardLocation($"{remote.Location}/{key}"), "size", expected.ToString(CultureInfo.InvariantCulture), actual);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
