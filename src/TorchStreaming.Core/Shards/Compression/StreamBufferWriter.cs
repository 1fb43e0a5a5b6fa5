// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Writes what is put into its buffer to a stream at once. Not thread-safe.</summary>
internal sealed class StreamBufferWriter(Stream output) : IBufferWriter<byte>
{
    private byte[] _buffer = [];

    /// <inheritdoc/>
    public void Advance(int count) => output.Write(_buffer.AsSpan(0, count));

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < Math.Max(sizeHint, 1))
        {
            _buffer = new byte[Math.Max(sizeHint, 4096)];
        }

        return _buffer;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
