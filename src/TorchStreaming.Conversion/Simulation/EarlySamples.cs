// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>The samples of a node's first batches that come ahead of their shards: a table of offsets for each shard and rank, then runs of
/// samples.</summary>
/// <remarks>Sizes of single samples are not known here; those of a shard are taken to be equal.</remarks>
internal sealed class EarlySamples
{
    private readonly List<Dictionary<int, ShardReads>> _steps = [];

    /// <summary>Finds what is read early.</summary>
    /// <param name="run">The run.</param>
    /// <param name="schedule">The node's batches.</param>
    public EarlySamples(TrainingRun run, NodeSchedule schedule)
    {
        foreach (var samplesByShard in schedule.FirstSamples.Take(run.SampleFirstBatches))
        {
            var step = new Dictionary<int, ShardReads>();
            foreach (var (shard, samples) in samplesByShard)
            {
                if (run.HasFindableSamples(shard) && Plan(run, schedule, shard, samples) is { } reads)
                {
                    step.Add(shard, reads);
                }
            }

            _steps.Add(step);
        }
    }

    /// <summary>Gets how many steps may have samples that come early.</summary>
    public int Steps => _steps.Count;

    /// <summary>Gets the bytes of all tables and samples.</summary>
    public long Bytes => _steps.Sum(static step => step.Values.Sum(static reads => (reads.Tables * reads.TableBytes) + reads.Runs.Sum()));

    /// <summary>Says whether a step gets its samples of a shard early.</summary>
    public bool Covers(int step, int shard) => step < _steps.Count && _steps[step].ContainsKey(shard);

    /// <summary>Brings the samples.</summary>
    /// <param name="link">The link.</param>
    /// <param name="now">When they are asked for, in seconds.</param>
    /// <returns>When those of each step are there.</returns>
    public double[] Read(SimulatedLink link, double now)
    {
        var tables = new Queue<double>();
        foreach (var reads in _steps.SelectMany(static step => step.Values))
        {
            var end = now;
            for (var i = 0; i < reads.Tables; i++)
            {
                end = link.Read(reads.TableBytes, now);
            }

            tables.Enqueue(end);
        }

        return [.. _steps.Select(step => step.Values.Select(reads => ReadRuns(link, reads, tables.Dequeue())).DefaultIfEmpty(now).Max())];
    }

    private static double ReadRuns(SimulatedLink link, ShardReads reads, double asked)
    {
        var end = asked;
        foreach (var run in reads.Runs)
        {
            end = link.Read(run, asked);
        }

        return end;
    }

    private static ShardReads? Plan(TrainingRun run, NodeSchedule schedule, int shard, List<int> samples)
    {
        var shardBytes = run.ShardBytes[shard];
        var shardSamples = schedule.GetSampleCount(shard);
        var table = SampleFetcher.GetTableBytes(shardSamples);
        if (!SampleFetcher.HasGoodSize(shardBytes, table))
        {
            return null;
        }

        // Each rank asks for its own; how the samples fall on them changes little, since there is one link.
        var sampleBytes = Math.Max(1, (shardBytes - table) / shardSamples);
        var ranks = Math.Min(run.RanksPerNode, samples.Count);
        var runs = FindRuns(samples, sampleBytes);
        return runs.Sum() / ranks > Math.Min(SampleFetcher.MostBytes, shardBytes / 2) ? null : new ShardReads(ranks, table, runs);
    }

    private static List<long> FindRuns(List<int> samples, long sampleBytes)
    {
        var runs = new List<long>();
        var first = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            var isNear = i > 0
                && (samples[i] - samples[i - 1] - 1) * sampleBytes <= SampleFetcher.LargestGap
                && (samples[i] - first + 1) * sampleBytes <= ObjectDownloader.PartSize;
            if (isNear)
            {
                runs[^1] = (samples[i] - first + 1) * sampleBytes;
            }
            else
            {
                first = samples[i];
                runs.Add(sampleBytes);
            }
        }

        return runs;
    }

    private sealed record ShardReads(int Tables, long TableBytes, List<long> Runs);
}
