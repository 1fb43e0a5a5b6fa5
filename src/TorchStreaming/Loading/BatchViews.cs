// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Loading;

/// <summary>Makes the tensors of a batch whose memory is tensors already: views on the CPU, copies on any other device.</summary>
internal sealed class BatchViews : IBatchAssembler
{
    private const string LengthsSuffix = "_lengths";

    private readonly Device _device;
    private readonly bool _asynchronous;
    private readonly bool _callerMayCopy;
    private readonly CopyFence? _fence;

    /// <summary>Creates the assembler.</summary>
    /// <param name="device">Where the tensors go.</param>
    /// <param name="allocator">What the batches were allocated by.</param>
    public BatchViews(Device device, TensorBatchAllocator allocator)
    {
        _device = device;
        _asynchronous = device.type == DeviceType.CUDA && allocator.IsPinned;
        _callerMayCopy = device.type == DeviceType.CPU && allocator.IsPinned;
        _fence = _asynchronous ? new CopyFence(device, allocator) : null;
    }

    public TensorBatch Assemble(Batch batch)
    {
        var result = new TensorBatch(batch);
        try
        {
            for (var i = 0; i < batch.Columns.Length; i++)
            {
                AddColumn(result, batch, i);
            }
        }
        catch
        {
            result.Dispose();
            throw;
        }

        if (_device.type != DeviceType.CPU)
        {
            result.LeaveRing();
            _fence?.Signal();
        }

        return result;
    }

    public void AwaitMemory()
    {
        if (_callerMayCopy)
        {
            // Whoever asks for page-locked batches on the CPU copies them to a device without waiting; only the device knows when that is
            // done.
            cuda.synchronize();
        }
        else
        {
            _fence?.Wait();
        }
    }

    public void EndEpoch()
    {
        // Nothing waits here for batches that were not handed out.
    }

    public void Dispose() => _fence?.Dispose();

    private void AddColumn(TensorBatch result, Batch batch, int index)
    {
        var column = batch.Columns[index];
        if (batch.GetMemory(index) is TensorBatchMemory memory)
        {
            Add(result, column.Name, memory, batch.GetShape(column.Name));
        }
        else
        {
            var rows = new Tensor[batch.Count];
            for (var row = 0; row < rows.Length; row++)
            {
                var value = (TensorBatchMemory)batch.GetRowMemory(index, row)!;
                rows[row] = Own(result, value, batch.GetRowShape(column.Name, row));
            }

            result.AddList(column.Name, rows);
        }

        if (column.Layout == ColumnLayout.Padded && batch.GetLengthsMemory(index) is TensorBatchMemory lengths)
        {
            Add(result, column.Name + LengthsSuffix, lengths, [batch.Count]);
        }
    }

    private void Add(TensorBatch result, string name, TensorBatchMemory memory, long[] shape) =>
        result.Add(name, Own(result, memory, shape));

    private Tensor Own(TensorBatch result, TensorBatchMemory memory, long[] shape)
    {
        var view = memory.View(shape);
        if (_device.type == DeviceType.CPU)
        {
            result.Own(view, memory);
            return view;
        }

        using (view)
        {
            var copy = view.to(_device, non_blocking: _asynchronous).DetachFromDisposeScope();
            result.Own(copy, borrowedFrom: null);
            return copy;
        }
    }
}
