// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>Runs a transform for one sample alone.</summary>
internal static class SingleSample
{
    /// <summary>Makes a tensor of each column, without a batch dimension. They belong to the current dispose scope, otherwise to the
    /// caller.</summary>
    public static Dictionary<string, Tensor> Read(
        SampleTransform transform, SampleTransformWorker worker, SampleFields sample, in TransformContext context)
    {
        using var slot = new BatchSlot(transform.Columns, rows: 1, TensorBatchAllocator.Pageable);
        slot.ClearRow(0);
        worker.Transform(sample, context, slot, row: 0);
        if (slot.FindMissing(0) is { } column)
        {
            throw new InvalidOperationException($"The transform left column '{column.Name}' empty.");
        }

        slot.Complete(1);
        var tensors = new Dictionary<string, Tensor>(transform.Columns.Length, StringComparer.Ordinal);
        for (var i = 0; i < transform.Columns.Length; i++)
        {
            var store = slot[i];
            var memory = (TensorBatchMemory)(store.Block ?? ((ListColumnStore)store).GetRowMemory(0));
            var tensor = memory.View(store.GetRowShape(0));
            CurrentDisposeScope?.Attach(tensor);
            tensors.Add(store.Column.Name, tensor);
        }

        return tensors;
    }
}
