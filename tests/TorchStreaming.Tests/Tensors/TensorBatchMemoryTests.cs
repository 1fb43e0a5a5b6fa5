// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchSharp;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Tensors;

public sealed class TensorBatchMemoryTests
{
    [Fact]
    public void View_OfFilledBlock_HasItsValuesWithoutACopy()
    {
        using var memory = TensorBatchMemory.Allocate(ElementType.Float32, 12, pinned: false);
        var values = MemoryMarshal.Cast<byte, float>(memory.GetSpan(0, 48));
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i;
        }

        using var view = memory.View([2, 3]);
        values[4] = 40;

        Assert.Equal([2, 3], view.shape);
        Assert.Equal([0f, 1, 2, 3, 40, 5], view.data<float>().ToArray());
    }

    [Fact]
    public void View_OfFreedBlock_KeepsTheValues()
    {
        var memory = TensorBatchMemory.Allocate(ElementType.Int64, 2, pinned: false);
        MemoryMarshal.Cast<byte, long>(memory.GetSpan(0, 16))[1] = 7;
        using var view = memory.View([2]);

        memory.Dispose();

        Assert.Equal(7, view[1].item<long>());
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan(0, 16).Length);
    }

    [Fact]
    public void Allocate_InsideScope_BelongsToNoScope()
    {
        TensorBatchMemory memory;
        Tensor view;
        using (NewDisposeScope())
        {
            memory = TensorBatchMemory.Allocate(ElementType.UInt8, 4, pinned: false);
            memory.GetSpan(0, 4).Fill(9);
            view = memory.View([4]);
        }

        Assert.False(view.IsInvalid);
        Assert.Equal(36, view.sum().item<long>());
        view.Dispose();
        memory.Dispose();
    }

    [Fact]
    public void Allocate_NoElements_IsUsable()
    {
        using var memory = TensorBatchMemory.Allocate(ElementType.Float32, 0, pinned: false);
        using var view = memory.View([0, 5]);

        memory.MarkOverwritten();

        Assert.Equal([0, 5], view.shape);
    }

    [Fact]
    public void Dispose_AllBlocksAndViews_LeavesNoTensor()
    {
        var before = LiveTensors.Count();
        for (var i = 0; i < 10; i++)
        {
            using var memory = TensorBatchMemory.Allocate(ElementType.BFloat16, 100, pinned: false);
            using var view = memory.View([10, 10]);
            memory.MarkOverwritten();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void MarkOverwritten_GraphNeedsOldValues_BackwardFailsInsteadOfUsingNewOnes()
    {
        using var scope = NewDisposeScope();
        using var memory = TensorBatchMemory.Allocate(ElementType.Float32, 6, pinned: false);
        memory.GetSpan(0, 24).Clear();
        var weight = ones([3, 1], requires_grad: true);
        var view = memory.View([2, 3]);
        var loss = view.matmul(weight).sum();
        view.Dispose();

        memory.MarkOverwritten();

        var exception = Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Contains("modified by an inplace operation", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MarkOverwritten_GraphAlreadyWalked_NextBatchTrains()
    {
        using var scope = NewDisposeScope();
        using var memory = TensorBatchMemory.Allocate(ElementType.Float32, 6, pinned: false);
        memory.GetSpan(0, 24).Clear();
        var weight = ones([3, 1], requires_grad: true);
        for (var step = 0; step < 3; step++)
        {
            using var view = memory.View([2, 3]);
            view.matmul(weight).sum().backward();
            memory.MarkOverwritten();
        }

        Assert.Equal([3, 1], weight.grad!.shape);
    }

    [Fact]
    public void Allocate_UnderInferenceMode_CanStillTrainLater()
    {
        using var scope = NewDisposeScope();
        TensorBatchMemory memory;
        using (inference_mode())
        {
            memory = TensorBatchMemory.Allocate(ElementType.Float32, 6, pinned: false);
        }

        using (memory)
        {
            memory.GetSpan(0, 24).Clear();
            var weight = ones([3, 1], requires_grad: true);
            using var view = memory.View([2, 3]);

            view.matmul(weight).sum().backward();

            Assert.Equal(0, weight.grad!.sum().item<float>());
        }
    }

    [Fact]
    public void Pinned_WithoutCuda_SaysWhatToDo()
    {
        if (cuda.is_available())
        {
            Assert.True(TensorBatchAllocator.Pinned.IsPinned);
            return;
        }

        var exception = Assert.Throws<NotSupportedException>(() => TensorBatchAllocator.Pinned);
        Assert.Contains("TorchSharp-cuda", exception.Message, StringComparison.Ordinal);
    }
}
