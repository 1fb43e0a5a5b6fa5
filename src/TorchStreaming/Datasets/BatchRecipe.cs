// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Tensors;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>How a dataset's samples become tensors: one by one for code that asks by index, and a batch at a time for the loader. Both
/// ways give the same values.</summary>
internal abstract class BatchRecipe : IDisposable
{
    /// <summary>Checks that samples of a schema have what the recipe needs.</summary>
    /// <exception cref="ArgumentException">A column is missing or has an encoding that cannot be read.</exception>
    public abstract void Validate(ShardSchema schema);

    /// <summary>Makes the tensors of one sample, without a batch dimension. They belong to the current dispose scope, if there is one.
    /// Thread-safe.</summary>
    public abstract Dictionary<string, Tensor> Read(SampleFields sample, in TransformContext context);

    /// <summary>Hears that an epoch begins.</summary>
    /// <param name="start">The epoch.</param>
    /// <param name="shards">Where its samples are.</param>
    public virtual void BeginEpoch(EpochStart start, DatasetShards shards)
    {
    }

    /// <summary>Makes what one loader needs.</summary>
    /// <param name="device">Where the tensors go.</param>
    /// <param name="pinned">Whether the loader's memory is page-locked.</param>
    public abstract BatchProgram Open(Device device, bool pinned);

    /// <summary>Puts samples together for a stock loader, which calls it in a dispose scope on the consumer's thread.</summary>
    public virtual Dictionary<string, Tensor> Collate(IEnumerable<Dictionary<string, Tensor>> items, Device device) =>
        Collation.MoveTo(Collation.Stack([.. items]), device);

    public abstract void Dispose();
}

/// <summary>What one loader works with.</summary>
/// <param name="Transform">Fills the rows of batches.</param>
/// <param name="Allocator">Gives the memory of batches.</param>
/// <param name="Assembler">Makes the tensors of finished batches; owned by the loader.</param>
internal sealed record BatchProgram(SampleTransform Transform, IBatchAllocator Allocator, IBatchAssembler Assembler);
