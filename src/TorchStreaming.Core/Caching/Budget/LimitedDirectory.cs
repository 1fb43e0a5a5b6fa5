// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>A cache directory whose shards count toward a limit: what is there, what is in flight, and how a shard goes.</summary>
/// <remarks>Everything is read from the directory, so that it holds for all processes that use it. The budget calls it under its
/// lock.</remarks>
internal sealed class LimitedDirectory
{
    // No disk holds more in a shard, and sums of what a damaged index says do not overflow.
    private const long LargestPossible = 1L << 50;

    private readonly CacheDirectory _directory;
    private readonly IReadOnlyList<ShardInfo> _shards;
    private readonly CacheCounters _counters;
    private readonly ILogger _logger;
    private readonly ShardOwners _owners;

    /// <summary>Describes a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="shards">The shards of its index.</param>
    /// <param name="owners">Finds them by their files.</param>
    /// <param name="firstShard">The number of its first shard in the whole dataset.</param>
    /// <param name="counters">Counts.</param>
    /// <param name="logger">Logs.</param>
    public LimitedDirectory(
        CacheDirectory directory,
        IReadOnlyList<ShardInfo> shards,
        ShardOwners owners,
        int firstShard,
        CacheCounters counters,
        ILogger logger)
    {
        _directory = directory;
        _shards = shards;
        _owners = owners;
        _counters = counters;
        _logger = logger;
        FirstShard = firstShard;
        for (var i = 0; i < shards.Count; i++)
        {
            LargestShard = Math.Max(LargestShard, GetFullBytes(i));
        }
    }

    /// <summary>Gets the number of the first shard in the whole dataset.</summary>
    public int FirstShard { get; }

    /// <summary>Gets the number of shards.</summary>
    public int ShardCount => _shards.Count;

    /// <summary>Gets the bytes of the largest shard in both forms.</summary>
    public long LargestShard { get; }

    /// <summary>Gets the bytes of the index file, of whichever kind.</summary>
    public long IndexBytes => IndexFile.LocalNames.Sum(name => CacheDirectory.GetSize(_directory.Locate(name)) ?? 0);

    /// <summary>Gets the lock of whoever looks for room.</summary>
    public string LimitLockPath => _directory.LocateLimitLock();

    /// <summary>Gets the number of a shard by the name of its first file.</summary>
    public int Find(ShardInfo shard) => _owners.TryFind(LockName(shard), out var number)
        ? number
        : throw new ArgumentException($"The index of '{_directory.Root}' has no '{LockName(shard)}'.", nameof(shard));

    /// <summary>Gets the bytes that a shard takes in both forms, which it does while it is decompressed; at most, where the index does not
    /// say how large the compressed form is.</summary>
    public long GetFullBytes(int shard)
    {
        if (_shards is ShardList { Packed: { } packed })
        {
            return (long)Int128.Min(packed.GetFullBytes(shard), LargestPossible);
        }

        var bytes = (Int128)0;
        foreach (var file in _shards[shard].Files)
        {
            bytes += (Int128)file.Raw.Bytes + (file.Zip?.MostBytes ?? 0);
        }

        return (long)Int128.Min(bytes, LargestPossible);
    }

    /// <summary>Says whether readers could open a shard as it is there.</summary>
    public bool IsWhole(int shard) => _shards[shard].Files.All(
        file => CacheDirectory.GetSize(_directory.Locate(file.Raw.Basename)) == file.Raw.Bytes);

    /// <summary>Reads what the directory holds.</summary>
    public DirectoryUsage Measure(CancellationToken cancellationToken)
    {
        // What is in flight comes first: a shard that arrives in between is then counted in full, not left out.
        var arriving = FindArriving(cancellationToken);
        var usage = new DirectoryUsage(this);
        var indexBytes = 0L;
        foreach (var (name, file) in _directory.List(cancellationToken))
        {
            if (IndexFile.LocalNames.Contains(name))
            {
                usage.Bytes += file.Bytes;
                indexBytes += file.Bytes;
            }
            else if (_owners.TryFind(name, out var shard) && !arriving.Contains(shard))
            {
                usage.Bytes += file.Bytes;
                usage.AddResident(shard, file);
            }
        }

        _counters.SetResident(usage.Bytes - indexBytes);
        foreach (var shard in arriving)
        {
            usage.Bytes += GetFullBytes(shard);
        }

        usage.Arriving = arriving;
        return usage;
    }

    /// <summary>Gets when a shard was last in use: its lease says so, or else its files.</summary>
    public DateTime GetLastUse(ResidentShard shard)
    {
        var lease = new FileInfo(_directory.LocateLease(LockName(_shards[shard.Number])));
        return lease.Exists ? lease.LastWriteTimeUtc : shard.Changed;
    }

    /// <summary>Says that there must be room for a shard in flight. The caller holds the shard's lock; a marker without it says
    /// nothing.</summary>
    public ArrivingShard Mark(int shard) => new(_directory.LocateMarker(LockName(_shards[shard])));

    /// <summary>Deletes a shard's files unless somebody uses it.</summary>
    /// <returns>How many bytes they had, or <see langword="null"/> when the shard stays.</returns>
    public long? TryEvict(int shard)
    {
        var info = _shards[shard];
        try
        {
            using var alone = FileLock.TryAcquire(_directory.LocateLease(LockName(info)));
            if (alone is null)
            {
                return null;
            }

            var bytes = 0L;
            foreach (var file in info.Files)
            {
                bytes += CacheDirectory.Delete(_directory.Locate(file.Raw.Basename));
                bytes += file.Zip is { } zip ? CacheDirectory.Delete(_directory.Locate(zip.Basename)) : 0;
            }

            _counters.CountEviction(bytes);
            Log.Evicted(_logger, LockName(info), bytes);
            return bytes;
        }
        catch (TorchStreamingException error)
        {
            // Another user's file, or on Windows one that a program has open; the next candidate may go.
            Log.NotEvicted(_logger, LockName(info), error.Message);
            return null;
        }
    }

    private static string LockName(ShardInfo shard) => shard.Files[0].Raw.Basename;

    private HashSet<int> FindArriving(CancellationToken cancellationToken)
    {
        var arriving = new HashSet<int>();
        foreach (var name in _directory.ListMarkers(cancellationToken))
        {
            if (!_owners.TryFind(name, out var shard))
            {
                continue;
            }

            using var free = FileLock.TryAcquire(_directory.LocateLock(name));
            if (free is null)
            {
                arriving.Add(shard);
            }
            else
            {
                // Whoever made it was killed.
                CacheDirectory.Delete(_directory.LocateMarker(name));
            }
        }

        return arriving;
    }
}
