// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Says which columns a batch has and makes the workers that fill them. Immutable and thread-safe.</summary>
public abstract class SampleTransform
{
    /// <summary>Gets the columns of the batches.</summary>
    public abstract ImmutableArray<BatchColumn> Columns { get; }

    /// <summary>Checks that samples of a schema have what the transform needs, so that a wrong column name fails before the first
    /// batch.</summary>
    /// <param name="schema">The columns of a shard.</param>
    /// <exception cref="ArgumentException">A column is missing or has an encoding that the transform cannot read.</exception>
    public abstract void Validate(ShardSchema schema);

    /// <summary>Makes a worker with scratch memory and decoders of its own.</summary>
    /// <returns>The worker, used by one thread at a time and disposed by the caller.</returns>
    internal abstract SampleTransformWorker CreateWorker();

    /// <summary>Says which columns a batch has.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => string.Join(", ", Columns);
}
