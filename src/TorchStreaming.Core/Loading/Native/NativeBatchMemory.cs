// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>A block from the C runtime's aligned heap.</summary>
internal sealed unsafe class NativeBatchMemory : BatchMemory
{
    /// <summary>One cache line, and the width of the widest vector register.</summary>
    public const int Alignment = 64;

    private nint _block;

    private NativeBatchMemory(ElementType type, long elementCount, nint block)
        : base(type, elementCount, block)
    {
        _block = block;
        GC.AddMemoryPressure(Math.Max(1, ByteLength));
    }

    ~NativeBatchMemory() => Dispose(disposing: false);

    public static NativeBatchMemory Allocate(ElementType type, long elementCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        var bytes = checked((nuint)(elementCount * type.SizeInBytes()));
        return new NativeBatchMemory(type, elementCount, (nint)NativeMemory.AlignedAlloc(Math.Max(bytes, 1), Alignment));
    }

    protected override void Dispose(bool disposing)
    {
        var block = Interlocked.Exchange(ref _block, 0);
        if (block != 0)
        {
            NativeMemory.AlignedFree((void*)block);
            GC.RemoveMemoryPressure(Math.Max(1, ByteLength));
        }
    }
}
