// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

public sealed class SampleOrderTests
{
    private static readonly OrderOptions Valid = Epochs.Options(4, [30, 40, 50]);

    public static TheoryData<string, OrderOptions, string> InvalidOptions => new()
    {
        { "no streams", Valid with { Streams = [] }, "at least one stream" },
        { "default streams", Valid with { Streams = default }, "at least one stream" },
        { "no sizes", WithStreams(new StreamShape { ShardSizes = default }), "no list of shard sizes" },
        { "negative size", WithStreams(new StreamShape { ShardSizes = [5, -3] }), "-3" },
        { "no samples", WithStreams(new StreamShape { ShardSizes = [0, 0] }), "no samples" },
        { "no shards", WithStreams(new StreamShape { ShardSizes = [] }), "no samples" },
        { "batch size 0", Valid with { BatchSize = 0 }, "BatchSize is 0" },
        { "negative batch size", Valid with { BatchSize = -4 }, "BatchSize is -4" },
        { "epoch size 0", Valid with { EpochSize = 0 }, "EpochSize is 0" },
        { "epoch size too large", Valid with { EpochSize = long.MaxValue }, "EpochSize is 9223372036854775807" },
        { "granularity", Valid with { SamplingGranularity = 0 }, "SamplingGranularity is 0" },
        { "canonical nodes", Valid with { NumCanonicalNodes = 0 }, "NumCanonicalNodes is 0" },
        { "block size", Valid with { ShuffleBlockSize = 0 }, "ShuffleBlockSize is 0" },
        { "py1br block size", Valid with { ShuffleBlockSize = 1, ShuffleAlgorithm = ShuffleAlgorithm.Py1BR }, "py1br needs at least 2" },
        { "replication", Valid with { Replication = 0 }, "Replication is 0" },
        { "algorithm", Valid with { ShuffleAlgorithm = (ShuffleAlgorithm)99 }, "shuffle algorithm" },
        { "partition", Valid with { PartitionAlgorithm = (PartitionAlgorithm)99 }, "partition algorithm" },
        { "batching", Valid with { BatchingMethod = (BatchingMethod)99 }, "batching method" },
        { "sampling", Valid with { SamplingMethod = (SamplingMethod)99 }, "sampling method" },
        { "negative weight", WithStreams(new StreamShape { ShardSizes = [5], Proportion = -1 }), "proportion -1" },
        { "NaN weight", WithStreams(new StreamShape { ShardSizes = [5], Repeat = double.NaN }), "repeat NaN" },
        { "infinite weight", WithStreams(new StreamShape { ShardSizes = [5], Repeat = double.PositiveInfinity }), "repeat Infinity" },
        { "negative choose", WithStreams(new StreamShape { ShardSizes = [5], Choose = -1 }), "choose -1" },
        { "two weights", WithStreams(new StreamShape { ShardSizes = [5], Repeat = 1, Choose = 2 }), "2 weights" },
        { "mixed weights", WithStreams(new StreamShape { ShardSizes = [5], Proportion = 1 },
            new StreamShape { ShardSizes = [5], Repeat = 1 }), "cannot be mixed" },
        { "partly relative", WithStreams(new StreamShape { ShardSizes = [5], Proportion = 1 }, new StreamShape { ShardSizes = [5] }),
            "cannot be mixed" },
        { "absolute with epoch size", WithStreams(new StreamShape { ShardSizes = [5], Repeat = 2 }) with { EpochSize = 7 },
            "EpochSize is 7" },
        { "all proportions 0", WithStreams(new StreamShape { ShardSizes = [5], Proportion = 0 }), "proportion 0" },
        { "nothing chosen", WithStreams(new StreamShape { ShardSizes = [5], Choose = 0 }), "no samples" },
        { "chosen from nothing", WithStreams(new StreamShape { ShardSizes = [], Choose = 3 }, new StreamShape { ShardSizes = [5] }),
            "has none" },
    };

    [Theory]
    [MemberData(nameof(InvalidOptions))]
    public void Constructor_InvalidOptions_ThrowsWithTheValueAndTheRule(string name, OrderOptions options, string expected)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => new SampleOrder(options));
        Assert.True(exception.Message.Contains(expected, StringComparison.Ordinal), $"{name}: {exception.Message}");
    }

    [Fact]
    public void PlanEpoch_NodesThatDoNotNest_ShowsBoth()
    {
        var order = new SampleOrder(Valid with { NumCanonicalNodes = 2 });
        var world = new World(3, 1, 0);
        var exception = Assert.Throws<ArgumentException>(() => order.PlanEpoch(world, order.GetStartOfEpoch(world, 0)));
        Assert.Contains("2 canonical and 3 physical", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanEpoch_FewerSamplesThanCanonicalNodes_ShowsBoth()
    {
        var order = new SampleOrder(Valid with { NumCanonicalNodes = 128 });
        var exception = Assert.Throws<ArgumentException>(() => order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 0)));
        Assert.Contains("120 samples", exception.Message, StringComparison.Ordinal);
        Assert.Contains("128 canonical nodes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanEpoch_GlobalBatchThatDoesNotDivide_ShowsBoth()
    {
        var order = new SampleOrder(Valid with { NumCanonicalNodes = 2, BatchSize = 1 });
        var world = new World(3, 1, 0);
        var state = order.GetStartOfEpoch(world, 0) with { InitialPhysicalNodes = 2 };
        var exception = Assert.Throws<ResumeException>(() => order.PlanEpoch(world, state));
        Assert.Contains("global batch size 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("2 devices", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(0, -1, 1, 1)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 0, 1, 0)]
    public void PlanEpoch_StateOutOfRange_ThrowsResumeException(long epoch, long sample, int canonicalNodes, int initialNodes)
    {
        var order = new SampleOrder(Valid);
        var state = new LoaderState
        {
            Epoch = epoch,
            SampleInEpoch = sample,
            NumCanonicalNodes = canonicalNodes,
            ShuffleSeed = 1,
            InitialPhysicalNodes = initialNodes,
        };
        Assert.Throws<ResumeException>(() => order.PlanEpoch(World.Single, state));
    }

    [Fact]
    public void PlanEpoch_StateOfAnotherDataSet_ShowsBoth()
    {
        var state = new SampleOrder(Epochs.Options(4, [30, 40, 51])).GetStartOfEpoch(World.Single, 0);
        var exception = Assert.Throws<ResumeException>(() => new SampleOrder(Valid).PlanEpoch(World.Single, state));
        Assert.Contains("121 samples", exception.Message, StringComparison.Ordinal);
        Assert.Contains("120 samples", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanEpoch_StateOfOtherOptions_ShowsBoth()
    {
        var state = new SampleOrder(Valid with { ShuffleAlgorithm = ShuffleAlgorithm.Py1BR }).GetStartOfEpoch(World.Single, 0);
        var exception = Assert.Throws<ResumeException>(() => new SampleOrder(Valid).PlanEpoch(World.Single, state));
        Assert.Contains("shuffle=py1br", exception.Message, StringComparison.Ordinal);
        Assert.Contains("shuffle=py1e", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanEpoch_StateOfAnotherBatchSizeAndWorld_IsTaken()
    {
        var state = new SampleOrder(Valid).GetStartOfEpoch(World.Single, 1) with { SampleInEpoch = 8 };
        Assert.Equal(1, new SampleOrder(Valid with { BatchSize = 2 }).PlanEpoch(new World(2, 1, 1), state, workers: 3).Epoch);
    }

    [Fact]
    public void PlanEpoch_StateBeyondTheEpoch_ShowsBoth()
    {
        var state = new LoaderState { Epoch = 0, SampleInEpoch = 500, NumCanonicalNodes = 1, ShuffleSeed = 1 };
        var exception = Assert.Throws<ResumeException>(() => new SampleOrder(Valid).PlanEpoch(World.Single, state));
        Assert.Contains("500", exception.Message, StringComparison.Ordinal);
        Assert.Contains("120", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanEpoch_LargestSeedAndEpoch_Works()
    {
        var order = new SampleOrder(Valid with { ShuffleSeed = ulong.MaxValue });
        Assert.Equal(120, order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, long.MaxValue)).SampleCount);
    }

    [Fact]
    public void ReadBatch_BufferTooSmall_Throws()
    {
        var order = new SampleOrder(Valid);
        var cursor = order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 0)).OpenCursor();
        Assert.Throws<ArgumentException>(() => cursor.ReadBatch(new long[3]));
    }

    [Fact]
    public void OpenCursor_Twice_GivesTheSameBatches()
    {
        var order = new SampleOrder(Valid);
        var plan = order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 0));
        Assert.Equal(Epochs.ReadBatches(plan), Epochs.ReadBatches(plan));
    }

    [Theory]
    [InlineData(ShuffleAlgorithm.Py1E, 1, 1)]
    [InlineData(ShuffleAlgorithm.Py1E, 3, 3)]
    [InlineData(ShuffleAlgorithm.Py1S, 3, 192)]
    [InlineData(ShuffleAlgorithm.Py2S, 1, 64)]
    public void GetStartOfEpoch_NoCanonicalNodesGiven_TakesUpstreamsDefault(ShuffleAlgorithm algorithm, int nodes, int expected) =>
        Assert.Equal(expected, new SampleOrder(Valid with { ShuffleAlgorithm = algorithm })
            .GetStartOfEpoch(new World(nodes, 2, 0), 0).NumCanonicalNodes);

    [Theory]
    [InlineData(1, 4_000_000)]
    [InlineData(8, 500_000)]
    [InlineData(64, 1 << 18)]
    public void GetShuffleBlockSize_NotGiven_TakesUpstreamsDefault(int canonicalNodes, long expected) =>
        Assert.Equal(expected, new SampleOrder(Valid).GetShuffleBlockSize(canonicalNodes));

    private static OrderOptions WithStreams(params StreamShape[] streams) => Valid with { Streams = [.. streams] };
}
