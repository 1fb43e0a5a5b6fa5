// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>An object with its bytes.</summary>
/// <param name="Name">The name without the bucket, so objects of two buckets may have the same.</param>
/// <param name="Content">The bytes; the receiver's own.</param>
public readonly record struct AISItem(string Name, ReadOnlyMemory<byte> Content)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Counted.Of(Content.Length, "byte")})";
}
