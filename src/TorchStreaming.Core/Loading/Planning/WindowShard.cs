// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;

namespace TorchStreaming.Loading;

/// <summary>A shard that samples of the plan's window need, from its first use in the window to its last.</summary>
/// <remarks>The schedule's lock guards it; <see cref="Reader"/> and <see cref="Failure"/> are set before the chunks that wait are let
/// go.</remarks>
internal sealed class WindowShard(int number, HashSet<int>? samples = null)
{
    /// <summary>Gets the shard's number in the whole dataset.</summary>
    public int Number => number;

    /// <summary>Gets the samples within the shard that one batch needs ahead of the shard, or <see langword="null"/> for a shard as a
    /// whole.</summary>
    public HashSet<int>? Samples => samples;

    /// <summary>Gets or sets how many samples of the window still need the shard.</summary>
    public int Uses { get; set; }

    /// <summary>Gets or sets the claim on the resident shard.</summary>
    public ShardLease? Lease
    {
        get;
        set
        {
            field = value;
            Reader = value?.Reader;
        }
    }

    /// <summary>Gets or sets why the shard could not be lent.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Gets the chunks of rows that wait for the shard.</summary>
    public List<FillChunk> Waiting { get; } = [];

    /// <summary>Gets whether the outcome is known.</summary>
    public bool IsSettled => Lease is not null || Failure is not null;

    /// <summary>Gets the open shard.</summary>
    public ShardReader? Reader { get; private set; }
}
