// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tensors;

/// <summary>Gives the loader memory that is the storage of tensors, so that batches need no copy to become tensors.</summary>
/// <remarks>Thread-safe: a block is one <c>torch.empty</c>, which starts no threads of libtorch, and belongs to no dispose scope.</remarks>
internal sealed class TensorBatchAllocator : IBatchAllocator
{
    private static readonly TensorBatchAllocator s_pinned = new(pinned: true);

    private TensorBatchAllocator(bool pinned) => IsPinned = pinned;

    /// <summary>Gets the allocator of ordinary memory.</summary>
    public static TensorBatchAllocator Pageable { get; } = new(pinned: false);

    /// <summary>Gets the allocator of page-locked memory, from which copies to a CUDA device run beside the computation.</summary>
    /// <exception cref="NotSupportedException">There is no CUDA device.</exception>
    public static TensorBatchAllocator Pinned => torch.cuda.is_available()
        ? s_pinned
        : throw new NotSupportedException(
            "Page-locked memory needs a CUDA device, and TorchSharp sees none. "
            + "Leave pinMemory out, or reference a TorchSharp-cuda package.");

    /// <summary>Gets whether the memory is page-locked.</summary>
    public bool IsPinned { get; }

    /// <inheritdoc/>
    public BatchMemory Allocate(ElementType type, long elementCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        return TensorBatchMemory.Allocate(type, elementCount, IsPinned);
    }
}
