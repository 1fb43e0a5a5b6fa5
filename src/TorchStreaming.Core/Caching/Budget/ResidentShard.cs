// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>A shard with files in a limited directory.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Number">The shard's number within the stream.</param>
/// <param name="Bytes">The bytes of its files.</param>
/// <param name="Changed">The latest time of change of its files.</param>
internal readonly record struct ResidentShard(LimitedDirectory Directory, int Number, long Bytes, DateTime Changed);
