// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Where a sample is.</summary>
/// <param name="Shard">The shard's number in the whole dataset.</param>
/// <param name="Index">The sample's number within the shard.</param>
internal readonly record struct ShardPosition(int Shard, int Index);
