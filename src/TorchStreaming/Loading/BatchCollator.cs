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

    /// <summary>Gets the names of tensors that are not stacked where their shapes differ.</summary>
    public IReadOnlyCollection<string> Lists { get; init; } = [];

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
            AddLists(result, items);
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

    private void AddLists(TensorBatch result, Dictionary<string, Tensor>[] items)
    {
        foreach (var name in Lists)
        {
            if (items.All(item => item.ContainsKey(name)) && items.Any(item => !item[name].shape.SequenceEqual(items[0][name].shape)))
            {
                // Out of the samples, so that stacking does not see them and the batch owns them.
                var rows = Array.ConvertAll(items, item => MoveOut(item, name));
                Array.ForEach(rows, row => result.Own(row, borrowedFrom: null));
                result.AddList(name, rows);
            }
        }
    }

    private Tensor MoveOut(Dictionary<string, Tensor> item, string name)
    {
        item.Remove(name, out var tensor);
        if (_device.type == DeviceType.CPU)
        {
            return tensor!;
        }

        using (tensor)
        {
            return tensor!.to(_device).DetachFromDisposeScope();
        }
    }
}
