// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Conversion;

/// <summary>What <see cref="DatasetVerifier"/> found in a dataset.</summary>
public sealed record DatasetVerification
{
    /// <summary>Gets the number of samples that were looked at; those of shards that could not be opened are not.</summary>
    public required long CheckedSamples { get; init; }

    /// <summary>Gets the number of bytes of the stored files that were there.</summary>
    public required long CheckedBytes { get; init; }

    /// <summary>Gets all problems, in the order of the index.</summary>
    public required ImmutableArray<DatasetProblem> Problems { get; init; }

    /// <summary>Gets the shard files beside those of the index that no shard of it has, sorted. They do no harm, but nobody reads
    /// them.</summary>
    /// <value>Empty also where the store cannot list its files.</value>
    public required ImmutableArray<string> UnlistedFiles { get; init; }

    /// <summary>Gets the columns whose values were not decoded although this was asked for, because reading them could run code.</summary>
    public required ImmutableArray<string> UndecodedColumns { get; init; }

    /// <summary>Gets whether nothing is wrong.</summary>
    public bool IsValid => Problems.IsEmpty;
}
