// SPDX-License-Identifier: MIT

using System.IO.Hashing;

namespace TorchStreaming.Shards;

/// <summary>A hash of the xxHash family, by System.IO.Hashing, with seed 0. Its bytes come in the order that the family calls canonical,
/// which is upstream's.</summary>
internal sealed class XxShardHash : ShardHash
{
    private readonly NonCryptographicHashAlgorithm _hash;

    public XxShardHash(string name, NonCryptographicHashAlgorithm hash)
    {
        Name = name;
        _hash = hash;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

    /// <inheritdoc/>
    public override string GetHexDigest() => Convert.ToHexStringLower(_hash.GetCurrentHash());
}
