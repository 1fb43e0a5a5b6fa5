// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Conversion;

/// <summary>What a trim did.</summary>
/// <param name="EvictedShards">The shards deleted.</param>
/// <param name="EvictedBytes">Their bytes.</param>
/// <param name="RemainingBytes">The bytes of indexes and shards that are left.</param>
/// <param name="OnlyCopyBytes">Of these, the bytes of streams that nobody downloaded; they are never deleted.</param>
internal sealed record CacheTrim(long EvictedShards, long EvictedBytes, long RemainingBytes, long OnlyCopyBytes);
