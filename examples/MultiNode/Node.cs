// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace MultiNode;

/// <summary>What runs on each node: its share of the epoch, a step whenever it is told to. The world comes from the launcher's
/// variables; nothing else differs between nodes.</summary>
internal static class Node
{
    /// <summary>Runs until the end of the epoch.</summary>
    public static async Task RunAsync(string remote, string local, string? state)
    {
        var options = new StreamingDatasetOptions
        {
            Local = local,
            Shuffle = true,
            BatchSize = 10,
            NumCanonicalNodes = 2,
            World = World.FromEnvironment(),
        };
        await using var dataset = await StreamingDataset.OpenAsync(remote, options);
        await using var loader = new BatchLoader(
            dataset, new ColumnSet(new ScalarColumn("id")), new BatchLoaderOptions { NumWorkers = 2 });
        if (state is not null)
        {
            loader.LoadStateDict(state);
        }

        foreach (var batch in loader)
        {
            if (await Console.In.ReadLineAsync() is null)
            {
                return;
            }

            Console.WriteLine(new NodeStep(batch.GetValues<long>("id").ToArray(), loader.StateDict().ToJson()));
        }

        _ = await Console.In.ReadLineAsync();
        Console.WriteLine(NodeStep.End);
    }
}
