// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Gzip data with a few bytes after them that are none. The system's decoder passes over them after a whole file; but a file
/// that ends within its checksum, which the decoder by itself takes for whole, now has a wrong one.</summary>
internal sealed class GzipInputStream(Stream compressed) : OneWayStream
{
    private static readonly byte[] End = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    private bool _hasContent;
    private int _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : Note(compressed.Read(buffer)) is > 0 and var read ? read : ReadEnd(buffer);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = Note(await compressed.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        return read > 0 || buffer.IsEmpty ? read : ReadEnd(buffer.Span);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private int Note(int read)
    {
        _hasContent |= read > 0;
        return read;
    }

    // A file of no bytes at all is what some writers make of no content.
    private int ReadEnd(Span<byte> buffer)
    {
        var end = _hasContent ? End.AsSpan(_ended) : [];
        var read = Math.Min(end.Length, buffer.Length);
        end[..read].CopyTo(buffer);
        _ended += read;
        return read;
    }
}
