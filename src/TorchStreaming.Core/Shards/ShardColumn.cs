// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>One column of a shard.</summary>
/// <param name="Name">The name.</param>
/// <param name="Encoding">Upstream's name of the encoding, for example <c>jpeg</c> or <c>ndarray:float32:3,224,224</c>.</param>
/// <param name="Size">The number of bytes of every value, or <see langword="null"/> when values differ in size.</param>
public sealed record ShardColumn(string Name, string Encoding, int? Size);
