// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Conversion;

/// <summary>A shard as a cache directory has it.</summary>
/// <param name="Number">The shard's number in its index.</param>
/// <param name="Name">The name of its first file, below the directory.</param>
/// <param name="Bytes">The bytes of its files, raw and compressed.</param>
/// <param name="IsWhole">Whether all raw files are there with the sizes that the index says.</param>
/// <param name="IsLeased">Whether a process of this machine uses it now.</param>
/// <param name="LastUse">When it was last used, in UTC; <see langword="null"/> when nobody knows.</param>
internal sealed record CachedShard(int Number, string Name, long Bytes, bool IsWhole, bool IsLeased, DateTime? LastUse);
