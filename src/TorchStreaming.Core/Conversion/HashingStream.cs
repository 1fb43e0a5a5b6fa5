// SPDX-License-Identifier: MIT

using System.Collections.Frozen;
using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Hashes and counts what is written through it.</summary>
internal sealed class HashingStream : Stream
{
    private readonly Stream _inner;
    private readonly ImmutableArray<ShardHash> _hashes;
    private long _length;

    /// <summary>Creates the stream.</summary>
    /// <param name="inner">Receives the bytes; not disposed with this.</param>
    /// <param name="hashes">The names of the hashes.</param>
    public HashingStream(Stream inner, ImmutableArray<string> hashes)
    {
        _inner = inner;
        _hashes = [.. hashes.Select(ShardHashes.Create)];
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Gets the number of bytes written.</summary>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the hashes.</summary>
    /// <returns>The lowercase hexadecimal digests by name.</returns>
    public FrozenDictionary<string, string> GetHexDigests() =>
        _hashes.ToFrozenDictionary(static hash => hash.Name, static hash => hash.GetHexDigest(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var hash in _hashes)
        {
            hash.Append(buffer);
        }

        _length += buffer.Length;
        _inner.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var hash in _hashes)
            {
                hash.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
