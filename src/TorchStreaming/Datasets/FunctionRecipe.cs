// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>Samples become tensors of their own by a function, and batches by collating them: any code works, at the price of an
/// allocation for each tensor and a copy for each batch.</summary>
internal sealed class FunctionRecipe(
    TensorFunction function, Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate) : BatchRecipe
{
    private readonly ConcurrentBag<TensorFunctionWorker> _idle = [];

    /// <summary>Gets the names of tensors that a batch holds as a list where their shapes differ.</summary>
    public IReadOnlyCollection<string> Lists { get; init; } = [];

    public static FunctionRecipe Create(
        SampleFunction function, Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionRecipe(new UserFunction(function), collate);
    }

    public override void Validate(ShardSchema schema) => function.Validate(schema);

    public override Dictionary<string, Tensor> Read(SampleFields sample, in TransformContext context)
    {
        if (!_idle.TryTake(out var worker))
        {
            worker = function.CreateWorker();
        }

        try
        {
            var tensors = worker.Run(sample, context);
            foreach (var tensor in tensors.Values)
            {
                CurrentDisposeScope?.Attach(tensor);
            }

            return tensors;
        }
        finally
        {
            _idle.Add(worker);
        }
    }

    public override BatchProgram Open(Device device, bool pinned)
    {
        var transform = new TensorFunctionTransform(function);
        return new BatchProgram(transform, NativeBatchAllocator.Instance, new BatchCollator(transform, collate, device) { Lists = Lists });
    }

    public override Dictionary<string, Tensor> Collate(IEnumerable<Dictionary<string, Tensor>> items, Device device) =>
        collate is null ? base.Collate(items, device) : Collation.MoveTo(collate([.. items]), device);

    public override void Dispose()
    {
        while (_idle.TryTake(out var worker))
        {
            worker.Dispose();
        }
    }
}
