// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace TorchStreaming.Shards;

/// <summary>A hash of the base class library.</summary>
internal sealed class SystemShardHash : ShardHash
{
    private readonly IncrementalHash _hash;

    public SystemShardHash(string name, HashAlgorithmName algorithm)
    {
        Name = name;
        _hash = IncrementalHash.CreateHash(algorithm);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <inheritdoc/>
    public override string GetHexDigest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
