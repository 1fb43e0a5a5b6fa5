// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Caching;

/// <summary>What a limited directory held when it was read.</summary>
internal sealed class DirectoryUsage(LimitedDirectory directory)
{
    private readonly Dictionary<int, ResidentShard> _resident = [];

    /// <summary>Gets the directory.</summary>
    public LimitedDirectory Directory => directory;

    /// <summary>Gets or sets the bytes of the index, of resident shards, and of arriving shards in full.</summary>
    public long Bytes { get; set; }

    /// <summary>Gets or sets the shards in flight, in any process.</summary>
    public IReadOnlySet<int> Arriving { get; set; } = new HashSet<int>();

    /// <summary>Gets the shards that have files here and are not in flight.</summary>
    public IReadOnlyCollection<ResidentShard> Resident => _resident.Values;

    /// <summary>Adds a shard's file.</summary>
    public void AddResident(int shard, CachedFile file)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_resident, shard, out _);
        entry = new ResidentShard(
            directory, shard, entry.Bytes + file.Bytes, file.Changed > entry.Changed ? file.Changed : entry.Changed);
    }

    /// <summary>Gets the bytes that must still come until a shard is there in full.</summary>
    public long GetMissingBytes(int shard)
    {
        if (Arriving.Contains(shard))
        {
            return 0;
        }

        var there = _resident.TryGetValue(shard, out var resident) ? resident.Bytes : 0;
        return Math.Max(directory.GetFullBytes(shard) - there, 0);
    }
}
