// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace TorchStreaming.Shards;

/// <summary>The hashes by upstream's names. Thread-safe.</summary>
internal static class ShardHashes
{
    private static readonly Dictionary<string, Func<string, ShardHash>> Factories = new(StringComparer.Ordinal)
    {
        ["blake2b"] = static _ => new Blake2bHash(),
        ["blake2s"] = static _ => new Blake2sHash(),
        ["md5"] = static name => new SystemShardHash(name, HashAlgorithmName.MD5),
        ["sha1"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA1),
        ["sha224"] = static _ => new Sha224Hash(),
        ["sha256"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA256),
        ["sha384"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA384),
        ["sha512"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA512),
        ["sha3_224"] = static name => new KeccakHash(name, 28),
        ["sha3_256"] = static name => CreateSha3(name, HashAlgorithmName.SHA3_256, SHA3_256.IsSupported, 32),
        ["sha3_384"] = static name => CreateSha3(name, HashAlgorithmName.SHA3_384, SHA3_384.IsSupported, 48),
        ["sha3_512"] = static name => CreateSha3(name, HashAlgorithmName.SHA3_512, SHA3_512.IsSupported, 64),
        ["xxh128"] = static name => new XxShardHash(name, new XxHash128()),
        ["xxh32"] = static name => new XxShardHash(name, new XxHash32()),
        ["xxh3_128"] = static name => new XxShardHash(name, new XxHash128()),
        ["xxh3_64"] = static name => new XxShardHash(name, new XxHash3()),
        ["xxh64"] = static name => new XxShardHash(name, new XxHash64()),
    };

    /// <summary>Gets upstream's names, sorted.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Factories.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Starts a hash.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The hash, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There is no such hash.</exception>
    public static ShardHash Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Factories.TryGetValue(name, out var create)
            ? create(name)
            : throw new ArgumentException($"'{name}' is not a hash. Known are {string.Join(", ", Names)}.", nameof(name));
    }

    private static ShardHash CreateSha3(string name, HashAlgorithmName algorithm, bool isSupported, int digestLength) =>
        isSupported ? new SystemShardHash(name, algorithm) : new KeccakHash(name, digestLength);
}
