// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Where a sample is.</summary>
/// <param name="Shard">The shard's number in the whole dataset.</param>
/// <param name="Index">The sample's number within the shard.</param>
public readonly record struct ShardPosition(int Shard, int Index);
