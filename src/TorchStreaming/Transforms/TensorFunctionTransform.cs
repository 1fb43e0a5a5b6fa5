// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Shards;
using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>Carries the tensors of a <see cref="TensorFunction"/> through the loader: a row of the batch holds a ticket, and the tensors
/// wait here until the consumer redeems it.</summary>
/// <remarks>So shapes may differ from sample to sample and need not be known before the first. One instance serves one loader.
/// Thread-safe.</remarks>
internal sealed class TensorFunctionTransform : SampleTransform
{
    private readonly TensorFunction _function;
    private readonly ConcurrentDictionary<long, Dictionary<string, Tensor>> _waiting = new();
    private long _tickets;

    public TensorFunctionTransform(TensorFunction function) => _function = function;

    public override ImmutableArray<BatchColumn> Columns { get; } = [BatchColumn.Dense("ticket", ElementType.Int64)];

    public override void Validate(ShardSchema schema) => _function.Validate(schema);

    internal override SampleTransformWorker CreateWorker() => new Worker(this, _function.CreateWorker());

    /// <summary>Takes the tensors of a row, which now belong to the caller.</summary>
    public Dictionary<string, Tensor> Redeem(long ticket) =>
        _waiting.TryRemove(ticket, out var tensors)
            ? tensors
            : throw new InvalidOperationException("The row's tensors were taken already.");

    /// <summary>Disposes the tensors that nobody will redeem. To be called when no worker runs.</summary>
    public void DisposeWaiting()
    {
        foreach (var ticket in _waiting.Keys)
        {
            if (_waiting.TryRemove(ticket, out var tensors))
            {
                ScopedTensors.Dispose(tensors);
            }
        }
    }

    private sealed class Worker(TensorFunctionTransform owner, TensorFunctionWorker worker) : SampleTransformWorker
    {
        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            var tensors = worker.Run(sample, context);
            var ticket = Interlocked.Increment(ref owner._tickets);
            owner._waiting[ticket] = tensors;
            MemoryMarshal.Write(slot.GetRow(0, row), ticket);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                worker.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
