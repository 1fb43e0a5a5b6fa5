// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>A function of the caller on encoded samples.</summary>
internal sealed class UserFunction(SampleFunction function) : TensorFunction
{
    public override void Validate(ShardSchema schema)
    {
        // Only the function knows what it needs.
    }

    public override TensorFunctionWorker CreateWorker() => new Worker(function);

    private sealed class Worker(SampleFunction function) : TensorFunctionWorker
    {
        protected override Dictionary<string, Tensor> Invoke(SampleFields sample, in TransformContext context) => function(sample, context);
    }
}
