// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>A function on the tensors that a transform makes of one sample.</summary>
internal sealed class ColumnFunction : TensorFunction
{
    private readonly SampleTransform _columns;
    private readonly Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> _function;

    /// <summary>Creates the function.</summary>
    /// <param name="columns">Makes the function's input.</param>
    /// <param name="function">The function; thread-safe.</param>
    public ColumnFunction(SampleTransform columns, Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> function)
    {
        _columns = columns;
        _function = function;
    }

    public override void Validate(ShardSchema schema) => _columns.Validate(schema);

    public override TensorFunctionWorker CreateWorker() => new Worker(_columns, _function);

    private sealed class Worker(SampleTransform columns, Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> function)
        : TensorFunctionWorker
    {
        private readonly SampleTransformWorker _worker = columns.CreateWorker();

        public override void Dispose()
        {
            _worker.Dispose();
            base.Dispose();
        }

        protected override Dictionary<string, Tensor> Invoke(SampleFields sample, in TransformContext context) =>
            function(SingleSample.Read(columns, _worker, sample, context));
    }
}
