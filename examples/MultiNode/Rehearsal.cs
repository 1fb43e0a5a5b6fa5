// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace MultiNode;

/// <summary>Two nodes train, one dies in the middle of the epoch, and one node finishes the epoch alone from the last checkpoint.</summary>
internal static class Rehearsal
{
    private const int StepsBeforeCheckpoint = 20;
    private const int StepsAfterCheckpoint = 5;

    /// <summary>Runs it.</summary>
    /// <param name="folder">An empty folder to work in.</param>
    /// <param name="samples">The samples of the dataset.</param>
    /// <param name="sharedCache">Whether the nodes have one cache, as processes of one machine do, rather than one each.</param>
    public static async Task RunAsync(string folder, int samples, bool sharedCache)
    {
        var remote = Path.Combine(folder, "remote");
        var written = await WriteAsync(remote, samples);
        string Cache(int node) => Path.Combine(folder, sharedCache ? "cache" : $"cache-{node}");
        Console.WriteLine($"Wrote {samples} samples in {written} shards; {(sharedCache ? "one cache for both nodes" : "a cache for each node")}");

        var seen = new List<long>();
        string checkpoint;
        using (var first = NodeProcess.Start(remote, Cache(0), node: 0, nodes: 2))
        using (var second = NodeProcess.Start(remote, Cache(1), node: 1, nodes: 2))
        {
            checkpoint = await TrainTogetherAsync(first, second, StepsBeforeCheckpoint, seen);
            Console.WriteLine($"Two nodes trained {StepsBeforeCheckpoint} steps on {seen.Count} samples; checkpoint {checkpoint}");

            // The steps after the checkpoint are lost with the model's weights of that time, so their samples must come again.
            var lost = new List<long>();
            await TrainTogetherAsync(first, second, StepsAfterCheckpoint, lost);
            second.Kill();
            Console.WriteLine($"Node 1 was killed {StepsAfterCheckpoint} steps later; the {lost.Count} samples since the checkpoint do not count");
        }

        using var alone = NodeProcess.Start(remote, Cache(0), node: 0, nodes: 1, checkpoint);
        var before = seen.Count;
        while (await alone.StepAsync() is { } step)
        {
            seen.AddRange(step.Samples);
        }

        Console.WriteLine($"Node 0 resumed alone and trained on the other {seen.Count - before}");
        var distinct = seen.Distinct().Count();
        Console.WriteLine($"The epoch: {seen.Count} samples seen, {distinct} of them different, of {samples}");
        if (seen.Count != samples || distinct != samples)
        {
            throw new InvalidOperationException("Something is wrong: not every sample was seen exactly once.");
        }

        Console.WriteLine("Every sample was seen exactly once");
    }

    /// <summary>Lets both nodes train some steps and checks that they are at the same place.</summary>
    /// <returns>The state, the same on both.</returns>
    private static async Task<string> TrainTogetherAsync(NodeProcess first, NodeProcess second, int steps, List<long> seen)
    {
        var state = "";
        for (var i = 0; i < steps; i++)
        {
            var both = await Task.WhenAll(first.StepAsync(), second.StepAsync());
            if (both is not [{ } one, { } other] || one.State != other.State)
            {
                throw new InvalidOperationException("Something is wrong: the nodes are not at the same place.");
            }

            seen.AddRange(one.Samples);
            seen.AddRange(other.Samples);
            state = one.State;
        }

        return state;
    }

    private static async Task<int> WriteAsync(string remote, int samples)
    {
        var columns = new Dictionary<string, string> { ["id"] = "int", ["payload"] = "bytes" };
        await using var writer = await MdsWriter.CreateAsync(remote, columns, new DatasetWriterOptions { SizeLimit = ByteSize.KiB(64) });
        for (var id = 0; id < samples; id++)
        {
            writer.Row.Set("id", (long)id);
            writer.Row.SetBytes("payload", new byte[1024]);
            await writer.WriteRowAsync();
        }

        return (await writer.CompleteAsync()).ShardCount;
    }
}
