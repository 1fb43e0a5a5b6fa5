// SPDX-License-Identifier: MIT

using System.Collections.Frozen;

namespace TorchStreaming.Shards;

/// <summary>What the index says about one file of a shard.</summary>
/// <param name="Basename">The path below the data set's directory (or split), with <c>/</c> between its parts.</param>
/// <param name="Bytes">The size in bytes.</param>
/// <param name="Hashes">The lowercase hexadecimal digests by upstream's hash name; empty when none were recorded.</param>
public sealed record ShardFileInfo(string Basename, long Bytes, FrozenDictionary<string, string> Hashes);
