// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Conversion;

/// <summary>How far work on a cache is. Never goes back.</summary>
/// <param name="Samples">The samples of the shards that are done.</param>
/// <param name="TotalSamples">The samples of all shards to do.</param>
/// <param name="Bytes">The bytes read or downloaded.</param>
internal readonly record struct CacheProgress(long Samples, long TotalSamples, long Bytes);
