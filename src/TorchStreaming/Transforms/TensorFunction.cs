// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>Turns a sample into tensors of its own, for code that works on tensors and not on rows of a batch. Immutable and
/// thread-safe.</summary>
internal abstract class TensorFunction
{
    /// <summary>Checks that samples of a schema have what the function needs.</summary>
    /// <exception cref="ArgumentException">A column is missing or has an encoding that the function cannot read.</exception>
    public abstract void Validate(ShardSchema schema);

    /// <summary>Makes a worker with decoders and scratch memory of its own.</summary>
    public abstract TensorFunctionWorker CreateWorker();
}

/// <summary>Runs a <see cref="TensorFunction"/>. One thread at a time.</summary>
internal abstract class TensorFunctionWorker : IDisposable
{
    /// <summary>Makes the tensors of a sample, without gradients. They belong to the caller and to no dispose scope; whatever else was
    /// made on the way is disposed.</summary>
    public Dictionary<string, Tensor> Run(SampleFields sample, in TransformContext context)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        return ScopedTensors.Release(scope, Invoke(sample, context));
    }

    public virtual void Dispose()
    {
    }

    /// <summary>Makes the tensors, inside a dispose scope.</summary>
    protected abstract Dictionary<string, Tensor> Invoke(SampleFields sample, in TransformContext context);
}
