// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming;
using TorchStreaming.Storage;

namespace AIStoreShards;

/// <summary>What can be done with shards in a cluster: an epoch split over ranks, a stop and a resumption, reads of single members.</summary>
internal static class ShardTour
{
    public static async Task RunAsync(AISBucket bucket, int samples)
    {
        await ReadByRanksAsync(bucket, samples);
        await StopAndResumeAsync(bucket, samples);
        await ReadMembersAsync(bucket);
    }

    /// <summary>Two ranks read disjoint shares of one shuffled epoch.</summary>
    private static async Task ReadByRanksAsync(AISBucket bucket, int samples)
    {
        var keys = new HashSet<string>();
        for (var rank = 0; rank < 2; rank++)
        {
            var options = new AISIterDatasetOptions { Sources = [bucket], Shuffle = true, Worker = AISWorker.Of(new World(1, 2, rank)), Fields = ["bin", "cls"] };
            var (count, bytes, clock) = (0, 0L, Stopwatch.StartNew());
            using var reader = new AISShardReader(options);
            await foreach (var sample in reader.ReadEpochAsync())
            {
                Require(keys.Add(sample.Key), $"sample {sample.Key} came to both ranks");
                bytes += sample.Fields["bin"].Length;
                count++;
            }

            Console.WriteLine($"Rank {rank}: {count} samples, {bytes / 1e6:0.0} MB, {count / clock.Elapsed.TotalSeconds:0} samples/s");
        }

        Require(keys.Count == samples, $"the ranks had {keys.Count} of {samples} samples together");
    }

    /// <summary>A reader stops in the middle of a shard; another continues from its state.</summary>
    private static async Task StopAndResumeAsync(AISBucket bucket, int samples)
    {
        var options = new AISIterDatasetOptions { Sources = [bucket], Shuffle = true };
        using var first = new AISShardReader(options);
        var seen = 0;
        await foreach (var sample in first.ReadEpochAsync())
        {
            if (++seen == samples / 3)
            {
                break;
            }
        }

        var state = first.StateDict().ToJson();
        using var second = new AISShardReader(options);
        second.LoadStateDict(AISStreamState.Parse(state));
        var left = 0;
        await foreach (var sample in second.ReadEpochAsync())
        {
            left++;
        }

        Require(seen + left == samples, $"{seen} and {left} samples are not {samples}");
        Console.WriteLine($"Stopped after {seen} samples with {state}; {left} were left");
    }

    /// <summary>Single members of several shards come in one answer.</summary>
    private static async Task ReadMembersAsync(AISBucket bucket)
    {
        var items = new List<AISBatchItem>();
        await foreach (var shard in bucket.ListAllObjectsAsync("train-"))
        {
            await foreach (var member in bucket.ListArchiveAsync(shard.Name))
            {
                items.Add(new AISBatchItem(shard, member.Name));
                break;
            }
        }

        var contents = await AISBatchReader.ReadAsync(items);
        Console.WriteLine($"One call read {contents.Count} members of {items.Count} shards: {contents.Sum(static content => content!.Value.Length)} bytes");
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Something is wrong: {problem}.");
        }
    }
}
