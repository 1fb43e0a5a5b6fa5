// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>Where a file of a shard is in the cache directory.</summary>
/// <param name="File">What the index says.</param>
/// <param name="RawPath">The file as readers need it.</param>
/// <param name="ZipPath">The compressed file, if the index has one.</param>
internal sealed record FilePlace(ShardFile File, string RawPath, string? ZipPath);
