// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.TestKit;

/// <summary>Fills the id of each sample (dense), its text (list) and its text again (padded with 255), and lets the test look at each
/// sample before.</summary>
public sealed class IdAndTextTransform : SampleTransform
{
    private readonly Action<TransformContext>? _before;
    private int _openWorkers;

    /// <summary>Creates the transform.</summary>
    /// <param name="before">Runs before each sample, on the thread that fills it.</param>
    public IdAndTextTransform(Action<TransformContext>? before = null) => _before = before;

    /// <inheritdoc/>
    public override ImmutableArray<BatchColumn> Columns { get; } =
    [
        BatchColumn.Dense("id", ElementType.Int64),
        new BatchColumn("text", ElementType.UInt8, ColumnLayout.List, [-1]),
        new BatchColumn("padded", ElementType.UInt8, ColumnLayout.Padded, [-1]) { PadValue = 255 },
    ];

    /// <summary>Gets the number of workers that were made and not disposed.</summary>
    public int OpenWorkers => Volatile.Read(ref _openWorkers);

    /// <inheritdoc/>
    public override void Validate(ShardSchema schema)
    {
        if (schema.IndexOf("id") < 0 || schema.IndexOf("text") < 0)
        {
            throw new ArgumentException("The transform needs the columns 'id' and 'text'.");
        }
    }

    /// <inheritdoc/>
    internal override SampleTransformWorker CreateWorker()
    {
        Interlocked.Increment(ref _openWorkers);
        return new Worker(this);
    }

    private sealed class Worker(IdAndTextTransform transform) : SampleTransformWorker
    {
        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            transform._before?.Invoke(context);
            sample[0].CopyTo(slot.GetRow(0, row));
            sample[1].CopyTo(slot.AllocateRow(1, row, [sample[1].Length]));
            sample[1].CopyTo(slot.AllocateRow(2, row, [sample[1].Length]));
        }

        protected override void Dispose(bool disposing)
        {
            Interlocked.Decrement(ref transform._openWorkers);
            base.Dispose(disposing);
        }
    }
}
