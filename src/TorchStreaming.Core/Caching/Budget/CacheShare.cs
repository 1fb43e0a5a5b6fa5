// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>The part that one stream's cache has in its dataset's budget.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="FirstShard">The number of the stream's first shard in the whole dataset.</param>
internal sealed record CacheShare(CacheBudget Budget, int FirstShard);
