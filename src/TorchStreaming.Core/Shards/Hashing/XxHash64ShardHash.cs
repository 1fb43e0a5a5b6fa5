// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>xxHash with 64 bits and seed 0.</summary>
internal sealed class XxHash64ShardHash : ShardHash
{
    private readonly XxHash64 _hash = new();

    /// <inheritdoc/>
    public override string Name => "xxh64";

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

    /// <inheritdoc/>
    public override string GetHexDigest() => _hash.GetDigest().ToString("x16", CultureInfo.InvariantCulture);
}
