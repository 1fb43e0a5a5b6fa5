// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.TestKit;

/// <summary>Counts the blocks that are given out and not freed.</summary>
internal sealed class TrackingBatchAllocator : IBatchAllocator
{
    private int _allocations;
    private int _open;

    /// <summary>Gets the number of blocks ever allocated.</summary>
    public int Allocations => Volatile.Read(ref _allocations);

    /// <summary>Gets the number of blocks that are not freed.</summary>
    public int OpenBlocks => Volatile.Read(ref _open);

    /// <summary>Gets the number of the allocation that finds no memory, from 1; 0 for none.</summary>
    public int FailsAt { get; init; }

    /// <inheritdoc/>
    public BatchMemory Allocate(ElementType type, long elementCount)
    {
        if (Interlocked.Increment(ref _allocations) == FailsAt)
        {
            throw new InsufficientMemoryException();
        }

        Interlocked.Increment(ref _open);
        return new Block(this, NativeBatchAllocator.Instance.Allocate(type, elementCount));
    }

    private sealed unsafe class Block : BatchMemory
    {
        private readonly TrackingBatchAllocator _allocator;
        private BatchMemory? _memory;

        public Block(TrackingBatchAllocator allocator, BatchMemory memory)
            : base(memory.Type, memory.ElementCount, Address(memory))
        {
            _allocator = allocator;
            _memory = memory;
        }

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _memory, null) is { } memory)
            {
                memory.Dispose();
                Interlocked.Decrement(ref _allocator._open);
            }
        }

        private static nint Address(BatchMemory memory) =>
            (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(
                ref System.Runtime.InteropServices.MemoryMarshal.GetReference(memory.GetSpan(0, (int)memory.ByteLength)));
    }
}
