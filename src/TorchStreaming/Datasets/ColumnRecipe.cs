// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>Samples become rows of columns that the engine fills in place: the fast way.</summary>
internal class ColumnRecipe(SampleTransform transform) : BatchRecipe
{
    private readonly ConcurrentBag<SampleTransformWorker> _idle = [];

    public static ColumnRecipe Create(SampleTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new ColumnRecipe(transform);
    }

    public override void Validate(ShardSchema schema) => transform.Validate(schema);

    public override Dictionary<string, Tensor> Read(SampleFields sample, in TransformContext context)
    {
        if (!_idle.TryTake(out var worker))
        {
            worker = transform.CreateWorker();
        }

        try
        {
            return SingleSample.Read(transform, worker, sample, context);
        }
        finally
        {
            _idle.Add(worker);
        }
    }

    public override BatchProgram Open(Device device, bool pinned)
    {
        var allocator = pinned ? TensorBatchAllocator.Pinned : TensorBatchAllocator.Pageable;
        return new BatchProgram(transform, allocator, new BatchViews(device, allocator));
    }

    public override void Dispose()
    {
        while (_idle.TryTake(out var worker))
        {
            worker.Dispose();
        }
    }
}
