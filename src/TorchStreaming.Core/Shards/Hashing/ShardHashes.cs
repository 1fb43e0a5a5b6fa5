// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Security.Cryptography;

namespace TorchStreaming.Shards;

/// <summary>The hashes by upstream's names. Thread-safe.</summary>
public static class ShardHashes
{
    private static readonly ImmutableDictionary<string, Func<string, ShardHash>> Factories = new Dictionary<string, Func<string, ShardHash>>
    {
        ["md5"] = static name => new SystemShardHash(name, HashAlgorithmName.MD5),
        ["sha1"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA1),
        ["sha256"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA256),
        ["sha384"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA384),
        ["sha512"] = static name => new SystemShardHash(name, HashAlgorithmName.SHA512),
    }.ToImmutableDictionary(StringComparer.Ordinal);

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
}
