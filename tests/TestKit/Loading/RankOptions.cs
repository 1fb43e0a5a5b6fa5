// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>How a rank reads in tests with several processes; each process and each expectation takes the same.</summary>
public static class RankOptions
{
    /// <summary>Makes the options of a rank of one node.</summary>
    public static StreamingDatasetOptions Create(int rank, int ranks) => new()
    {
        World = new World(1, ranks, rank),
        BatchSize = 8,
        Shuffle = true,

        // Less than a shard: a rank works on a shard or two at a time, as it does on datasets larger than a shuffle block.
        ShuffleAlgorithm = ShuffleAlgorithm.Py1B,
        ShuffleBlockSize = 24,
        NumCanonicalNodes = ranks,
        Predownload = 16,
    };
}
