// SPDX-License-Identifier: MIT

using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>The members of a cluster at a moment.</summary>
/// <param name="Version">The version, which grows with each change.</param>
/// <param name="Uuid">The cluster's id.</param>
/// <param name="Proxies">The proxies.</param>
/// <param name="Targets">The targets.</param>
internal sealed record AISClusterMap(long Version, string Uuid, IReadOnlyList<AISNode> Proxies, IReadOnlyList<AISNode> Targets)
{
    /// <summary>The seed of all digests of the cluster.</summary>
    internal const long Seed = 1103515245;

    /// <summary>Gets the target that owns an object: the one with the highest weight of all that are active.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="objectName">The object.</param>
    /// <returns>The target, or <see langword="null"/> when none is active.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public AISNode? OwnerOf(AISBucketName bucket, string objectName)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        ArgumentException.ThrowIfNullOrEmpty(objectName);
        var digest = DigestOf(bucket.UniqueName(objectName));
        return Targets.Where(static target => target.IsActive).MaxBy(target => Mix(target.Digest ^ digest));
    }

    internal static ulong DigestOf(string text) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text), Seed);

    /// <summary>Scrambles a number: a step of splitmix64, another with its increment inside, and the output of xoshiro256**.</summary>
    internal static ulong Mix(ulong seed)
    {
        const ulong increment = 0x9e3779b97f4a7c15;
        const ulong first = 0xbf58476d1ce4e5b9;
        const ulong second = 0x94d049bb133111eb;
        var mixed = seed + increment;
        mixed = (mixed ^ (mixed >> 30)) * first;
        mixed = (mixed ^ (mixed >> 27)) * second;
        mixed = (mixed ^ (mixed >> 31)) + increment;
        mixed = (mixed ^ (mixed >> 30)) * first;
        mixed = (mixed ^ (mixed >> 27)) * second;
        mixed = (mixed ^ (mixed >> 31)) * 5;
        return BitOperations.RotateLeft(mixed, 7) * 9;
    }

    internal static AISClusterMap Read(JsonElement json) => new(
        long.Parse(json.GetProperty("version").GetString() ?? "", NumberStyles.None, CultureInfo.InvariantCulture),
        json.GetProperty("uuid").GetString() ?? "",
        ReadNodes(json.GetProperty("pmap")),
        ReadNodes(json.GetProperty("tmap")));

    private static List<AISNode> ReadNodes(JsonElement map)
    {
        var nodes = new List<AISNode>();
        foreach (var property in map.EnumerateObject())
        {
            var node = property.Value;
            nodes.Add(new AISNode(
                property.Name,
                node.GetProperty("id_digest").GetUInt64(),
                node.GetProperty("public_net").GetProperty("direct_url").GetString() ?? "",
                unchecked((int)(node.TryGetProperty("flags", out var flags) ? flags.GetInt64() : 0))));
        }

        return nodes;
    }
}
