// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>What the order must know about one stream: its shards' sizes and its weight.</summary>
/// <remarks>At most one of the three weights is given. Either all streams of a dataset have a proportion or none has.</remarks>
public sealed record StreamShape
{
    /// <summary>Gets the number of samples of each shard, in the order of the index; a shard may be empty.</summary>
    public required ImmutableArray<int> ShardSizes { get; init; }

    /// <summary>Gets the stream's share of the epoch relative to the other streams' proportions.</summary>
    /// <remarks>Mirrors <c>streaming.Stream(proportion=…)</c>.</remarks>
    public double? Proportion { get; init; }

    /// <summary>Gets how often an epoch goes through the stream; 0.5 takes half of it.</summary>
    /// <remarks>Mirrors <c>streaming.Stream(repeat=…)</c>.</remarks>
    public double? Repeat { get; init; }

    /// <summary>Gets how many samples of the stream an epoch has.</summary>
    /// <remarks>Mirrors <c>streaming.Stream(choose=…)</c>.</remarks>
    public long? Choose { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Counted.Of(ShardSizes.Sum(static size => (long)size), "sample")} in {Counted.Of(ShardSizes.Length, "shard")}";
}
