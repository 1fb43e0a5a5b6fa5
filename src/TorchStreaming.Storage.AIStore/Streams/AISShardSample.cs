// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>A sample of a shard.</summary>
/// <param name="Key">What its members have in common: for the reference's rule the base name.</param>
/// <param name="Fields">The members' bytes by their extensions.</param>
public sealed record AISShardSample(string Key, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Fields)
{
    /// <inheritdoc/>
    public override string ToString() => $"Sample '{Key}': {string.Join(", ", Fields.Select(static field => $"{field.Key} ({Counted.Of(field.Value.Length, "byte")})"))}";
}
