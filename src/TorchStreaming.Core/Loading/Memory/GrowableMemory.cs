// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Memory for one value at a time that grows to the largest it has seen. Not thread-safe.</summary>
internal sealed class GrowableMemory(ElementType type, IBatchAllocator allocator) : IDisposable
{
    private BatchMemory? _memory;
    private int _length;

    /// <summary>Gets the block, at least as long as the value, which is at its start.</summary>
    public BatchMemory Memory => _memory ??= allocator.Allocate(type, 0);

    /// <summary>Gets the value's bytes.</summary>
    public Span<byte> Bytes => _length == 0 ? [] : Memory.GetSpan(0, _length);

    /// <summary>Makes room for a value; what was there before is not kept.</summary>
    public Span<byte> Resize(int bytes)
    {
        var had = _memory?.ByteLength ?? 0;
        if (bytes > had)
        {
            var capacity = Math.Max(bytes, had + (had / 2));
            var grown = allocator.Allocate(type, (capacity + type.SizeInBytes() - 1) / type.SizeInBytes());
            _memory?.Dispose();
            _memory = grown;
        }

        _length = bytes;
        return Bytes;
    }

    public void Dispose() => _memory?.Dispose();
}
