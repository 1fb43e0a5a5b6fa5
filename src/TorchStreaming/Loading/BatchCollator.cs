// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchSharp;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Loading;

/// <summary>Makes the tensors of a batch from those of its samples.</summary>
internal sealed class BatchCollator : IBatchAssembler
{
    private readonly TensorFunctionTransform _transform;
    private readonly Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? _collate;
    private readonly Device _device;

    /// <summary>Creates the assembler.</summary>
    /// <param name="transform">Holds the tensors of the samples.</param>
    /// <param name="collate">Puts them together; <see langword="null"/> to stack them.</param>
    /// <param name="device">Where the tensors go.</param>
    public BatchCollator(
        TensorFunctionTransform transform,
        Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate,
        Device device)
    {
        _transform = transform;
        _collate = collate;
        _device = device;
    }

    public TensorBatch Assemble(Batch batch)
    {
        var result = new TensorBatch(batch);
        var tickets = MemoryMarshal.Cast<byte, long>(batch.GetBytes(batch.Columns[0].Name));
        var items = new Dictionary<string, Tensor>[tickets.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = _transform.Redeem(tickets[i]);
        }

        result.LeaveRing();
        try
        {
            using var scope = NewDisposeScope();
            var collated = _collate is null
                ? Collation.Stack(items, result.SampleIds)
                : _collate(items) ?? throw new InvalidOperationException("The collate function returned null.");
            foreach (var (name, tensor) in ScopedTensors.Release(scope, Collation.MoveTo(collated, _device)))
            {
                result.Own(tensor, borrowedFrom: null);
                result[name] = tensor;
            }
        }
        finally
        {
            Array.ForEach(items, ScopedTensors.Dispose);
        }

        return result;
    }

    public void AwaitMemory()
    {
        // The rows held tickets only, and those are redeemed.
    }

    public void EndEpoch() => _transform.DisposeWaiting();

    public void Dispose() => _transform.DisposeWaiting();
}
