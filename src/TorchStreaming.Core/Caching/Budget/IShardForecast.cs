// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>Knows when shards are needed next. Thread-safe.</summary>
internal interface IShardForecast
{
    /// <summary>Says when a shard is needed next.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <returns>0 if it is about to be used and must stay; otherwise a number that grows with the distance, and
    /// <see cref="long.MaxValue"/> when no use is known.</returns>
    long GetNextUse(int shard);
}
