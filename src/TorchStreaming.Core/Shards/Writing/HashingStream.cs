// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Writes into a file and hashes and counts what passes.</summary>
internal sealed class HashingStream : OneWayStream
{
    private readonly Stream _target;
    private readonly RunningHashes _hashes;
    private long _length;

    /// <summary>Creates the stream.</summary>
    /// <param name="target">The file; not disposed with this stream.</param>
    /// <param name="hashes">The hashes to feed; not disposed.</param>
    public HashingStream(Stream target, RunningHashes hashes)
    {
        _target = target;
        _hashes = hashes;
    }

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Gets the number of bytes written so far.</summary>
    public override long Length => _length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hashes.Append(buffer);
        _target.Write(buffer);
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Flush() => _target.Flush();
}
