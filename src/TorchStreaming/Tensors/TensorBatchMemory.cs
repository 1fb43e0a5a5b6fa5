// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tensors;

/// <summary>A block of a batch that is a tensor's storage, so that filling the block fills the tensor.</summary>
internal sealed class TensorBatchMemory : BatchMemory
{
    private readonly Tensor _tensor;

    private TensorBatchMemory(ElementType type, long elementCount, Tensor tensor)
        : base(type, elementCount, AddressOf(tensor))
    {
        _tensor = tensor;
    }

    /// <summary>Allocates a block.</summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="elementCount">The number of elements.</param>
    /// <param name="pinned">Whether the memory is page-locked, which needs CUDA.</param>
    public static TensorBatchMemory Allocate(ElementType type, long elementCount, bool pinned)
    {
        LibTorch.Require();

        // A storage made under inference mode could not be used by autograd later, and the block outlives the caller's mode. The scope of
        // the calling thread must not own it either.
        using var mode = inference_mode(false);
        var tensor = empty(elementCount, type.ToScalarType(), CPU).DetachFromDisposeScope();
        if (pinned && elementCount > 0)
        {
            using var pageable = tensor;
            tensor = pageable.pin_memory().DetachFromDisposeScope();
        }

        return new TensorBatchMemory(type, elementCount, tensor);
    }

    /// <summary>Makes a tensor over the start of the block. It shares the storage, keeps it alive, and belongs to the caller, not to a
    /// scope.</summary>
    public Tensor View(long[] shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count = checked(count * size);
        }

        using var run = _tensor.narrow(0, 0, count).DetachFromDisposeScope();
        return run.view(shape).DetachFromDisposeScope();
    }

    /// <summary>Tells autograd that the block is about to be overwritten.</summary>
    /// <remarks>Workers write past autograd's back. Counting up the storage's version by an operation on none of its elements makes a later
    /// <c>backward()</c> through a graph that still needs the old values fail with autograd's message instead of using the new
    /// ones.</remarks>
    public void MarkOverwritten()
    {
        using var mode = inference_mode(false);
        using var nothing = _tensor.narrow(0, 0, 0).DetachFromDisposeScope();
        using var same = nothing.zero_().DetachFromDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _tensor.Dispose();
        }
    }

    // Tensor.bytes refuses what a span cannot hold, so the address is taken of the first element alone.
    private static nint AddressOf(Tensor tensor)
    {
        if (tensor.NumberOfElements == 0)
        {
            return 0;
        }

        using var first = tensor.narrow(0, 0, 1).DetachFromDisposeScope();
        return NativeAddress.Of(first.bytes);
    }
}
