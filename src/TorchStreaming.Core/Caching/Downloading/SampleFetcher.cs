// SPDX-License-Identifier: MIT

using System.Globalization;
using Microsoft.Extensions.Logging;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Reads single samples of shards from their store: the table of offsets, then the samples, neighbors with one request.</summary>
/// <remarks>Sizes, the count and the offsets are checked as when a shard is opened, and all answers must speak of one version of the
/// object. Memory: the samples asked for, at most half the shard and <see cref="MostBytes"/>. Thread-safe.</remarks>
internal sealed class SampleFetcher(ObjectDownloader remote, ShardCacheOptions options, ILogger logger)
{
    /// <summary>The most bytes that are read of one shard.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>The most bytes between two samples of one request: reading on costs less than another one.</summary>
    public const long LargestGap = 32 << 10;

    // Smaller shards come as fast as their samples.
    private const long SmallestShard = 1 << 20;
    private const long LargestTable = 1 << 20;

    /// <summary>Gets the bytes of a shard's count and offsets.</summary>
    public static long GetTableBytes(int samples) => MdsSampleSet.GetTableLength(samples);

    /// <summary>Says whether a shard's size makes it worth while to read its table first.</summary>
    public static bool HasGoodSize(long shardBytes, long tableBytes) =>
        shardBytes >= SmallestShard && tableBytes <= Math.Min(LargestTable, shardBytes / 8);

    /// <summary>Says whether samples of a shard can be found by ranges.</summary>
    public bool CanFetch(ShardInfo shard) =>
        options.ValidateHash is null
        && !remote.IgnoresRanges
        && shard is { Schema.Format: ShardFormats.Mds, Files: [{ Zip: null } file] }
        && HasGoodSize(file.Raw.Bytes, MdsSampleSet.GetTableLength(shard));

    /// <summary>Reads samples.</summary>
    /// <returns>The samples, or <see langword="null"/> when the whole shard is the better way.</returns>
    public async ValueTask<MdsSampleSet?> TryFetchAsync(
        ShardInfo shard, IReadOnlyCollection<int> samples, CancellationToken cancellationToken)
    {
        var raw = shard.Files[0].Raw;
        var location = $"{remote.Location}/{raw.Basename}";
        try
        {
            return await FetchAsync(shard, raw, location, samples, cancellationToken).ConfigureAwait(false);
        }
        catch (TorchStreamingException error)
        {
            // The whole shard will come, or say what is wrong.
            Log.SamplesFailed(logger, location, error.Message);
            return null;
        }
    }

    private async Task<MdsSampleSet?> FetchAsync(
        ShardInfo shard, ShardFileInfo raw, string location, IReadOnlyCollection<int> samples, CancellationToken cancellationToken)
    {
        var version = new ObjectVersion(location);
        var table = new RangeTarget(location, raw, 0, (int)MdsSampleSet.GetTableLength(shard));
        if (!await ReadAsync(raw, table, version, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var set = new MdsSampleSet(shard, location, table.Bytes);
        var runs = FindRuns(set, samples);
        if (runs.Sum(static run => run.Length) > Math.Min(MostBytes, raw.Bytes / 2))
        {
            return null;
        }

        var targets = runs.ConvertAll(run => new RangeTarget(location, raw, run.Offset, (int)run.Length));
        var reads = await Task.WhenAll(targets.Select(target => ReadAsync(raw, target, version, cancellationToken))).ConfigureAwait(false);
        if (reads.Contains(false))
        {
            return null;
        }

        for (var i = 0; i < runs.Count; i++)
        {
            foreach (var sample in runs[i].Samples)
            {
                var (offset, length) = set.GetRange(sample);
                set.Add(sample, targets[i].Bytes.AsMemory((int)(offset - runs[i].Offset), length));
            }
        }

        return set;
    }

    private Task<bool> ReadAsync(ShardFileInfo raw, RangeTarget target, ObjectVersion version, CancellationToken cancellationToken) =>
        remote.TryReadAsync(raw.Basename, target.Offset, target.Bytes.Length, version, target, cancellationToken);

    private static List<Run> FindRuns(MdsSampleSet set, IReadOnlyCollection<int> samples)
    {
        var runs = new List<Run>();
        foreach (var sample in samples.Distinct().OrderBy(sample => set.GetRange(sample).Offset))
        {
            var (offset, length) = set.GetRange(sample);
            if (runs is [.., var last]
                && offset - (last.Offset + last.Length) <= LargestGap
                && offset + length - last.Offset <= ObjectDownloader.PartSize)
            {
                last.Length = Math.Max(last.Length, offset + length - last.Offset);
            }
            else
            {
                // A range has a byte at least; an empty sample takes the one before it.
                runs.Add(last = length > 0 ? new Run(offset, length) : new Run(offset - 1, 1));
            }

            last.Samples.Add(sample);
        }

        return runs;
    }

    private sealed class Run(long offset, long length)
    {
        public long Offset => offset;

        public long Length { get; set; } = length;

        public List<int> Samples { get; } = [];
    }

    /// <summary>Takes a run of bytes of a file of known size.</summary>
    private sealed class RangeTarget(string location, ShardFileInfo file, long offset, int length) : IDownloadTarget
    {
        public long Offset => offset;

        public byte[] Bytes { get; } = new byte[length];

        public void Begin(ObjectInfo info)
        {
            if (info.Size >= 0 && !file.CanHave(info.Size))
            {
                throw FileVerifier.WrongSize(new ShardLocation(location), file, info.Size.ToString(CultureInfo.InvariantCulture));
            }
        }

        public void Write(long at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Bytes.AsSpan((int)(at - offset)));
    }
}
