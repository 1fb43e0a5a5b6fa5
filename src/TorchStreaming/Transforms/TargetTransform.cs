// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Shards;

namespace TorchStreaming.Transforms;

/// <summary>Another transform whose 64-bit integer column goes through a function.</summary>
internal sealed class TargetTransform : SampleTransform
{
    private readonly SampleTransform _inner;
    private readonly int _column;
    private readonly Func<long, long> _function;

    public TargetTransform(SampleTransform inner, int column, Func<long, long> function)
    {
        _inner = inner;
        _column = column;
        _function = function;
    }

    public override ImmutableArray<BatchColumn> Columns => _inner.Columns;

    public override void Validate(ShardSchema schema) => _inner.Validate(schema);

    internal override SampleTransformWorker CreateWorker() => new Worker(_inner.CreateWorker(), _column, _function);

    private sealed class Worker(SampleTransformWorker inner, int column, Func<long, long> function) : SampleTransformWorker
    {
        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            inner.Transform(sample, context, slot, row);
            ref var target = ref MemoryMarshal.AsRef<long>(slot.GetRow(column, row));
            target = function(target);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
