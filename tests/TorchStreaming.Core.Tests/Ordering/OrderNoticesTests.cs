// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

/// <summary>What is said about orders that work but may not be what was meant.</summary>
public sealed class OrderNoticesTests
{
    private static readonly OrderOptions Plain = Epochs.Options(4, 40, 40, 40, 40) with { NumCanonicalNodes = 2, ShuffleBlockSize = 100 };

    [Fact]
    public void Find_NothingUnusual_IsSilent() => Assert.Empty(Find(Plain, new World(2, 2, 0)));

    [Fact]
    public void Find_NoCanonicalNodes_SaysWhichWereTaken()
    {
        var notice = Assert.Single(Find(Plain with { NumCanonicalNodes = null }, new World(2, 1, 0)));

        Assert.Equal(OrderNoticeKind.CanonicalNodesChosen, notice.Kind);
        Assert.False(notice.IsWarning);
        Assert.Contains("taken to be 2 for 2 nodes", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FewerSamplesThanCanonicalNodes_Warns()
    {
        var notice = Assert.Single(Find(Epochs.Options(1, 3) with { NumCanonicalNodes = 8, Shuffle = false }, World.Single));

        Assert.Equal(OrderNoticeKind.FewerSamplesThanCanonicalNodes, notice.Kind);
        Assert.True(notice.IsWarning);
        Assert.Contains("3 samples are divided over 8 canonical nodes", notice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(8, false)]
    [InlineData(15, false)]
    public void Find_FewSamplesForTheRanks_WarnsWhereTheyRepeat(int samples, bool warns) => Assert.Equal(
        warns,
        Find(Epochs.Options(1, samples) with { NumCanonicalNodes = 1 }, new World(1, 8, 0))
            .Any(static notice => notice is { Kind: OrderNoticeKind.FewerSamplesThanRanks, IsWarning: true }));

    [Theory]
    [InlineData(ShuffleAlgorithm.Py1E, 39, true)]
    [InlineData(ShuffleAlgorithm.Py1E, 40, false)]
    [InlineData(ShuffleAlgorithm.Py1S, 39, false)]
    public void Find_BlocksBelowAShard_WarnsForPy1E(ShuffleAlgorithm algorithm, int block, bool warns) => Assert.Equal(
        warns,
        Find(Plain with { ShuffleAlgorithm = algorithm, ShuffleBlockSize = block }, World.Single)
            .Any(static notice => notice is { Kind: OrderNoticeKind.BlockSmallerThanShard, IsWarning: true }));

    [Theory]
    [InlineData(BatchingMethod.PerStream, 9, OrderNoticeKind.ResumedWithinBatch, "1 samples come again")]
    [InlineData(BatchingMethod.PerStream, 8, null, "")]
    [InlineData(BatchingMethod.Stratified, 10, OrderNoticeKind.ResumedWithinBatch, "2 samples come again")]
    [InlineData(BatchingMethod.DevicePerStream, 15, OrderNoticeKind.ResumedWithinBatch, "7 samples come again")]
    [InlineData(BatchingMethod.Random, 9, OrderNoticeKind.ResumedBetweenNodes, "continues 1 samples before")]
    [InlineData(BatchingMethod.Random, 10, null, "")]
    public void Find_StateWithinABatch_SaysWhatComesAgain(BatchingMethod method, long sample, object? kind, string text)
    {
        var world = new World(2, 1, 0);
        var order = new SampleOrder(Plain with { BatchingMethod = method });
        var state = order.GetStartOfEpoch(world, 0) with { SampleInEpoch = sample };

        var warnings = order.PlanEpoch(world, state).FindNotices().Where(static notice => notice.IsWarning).ToList();

        Assert.Equal(kind is null ? [] : [(OrderNoticeKind)kind], warnings.ConvertAll(static notice => notice.Kind));
        Assert.All(warnings, warning => Assert.Contains(text, warning.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Find_StateUnderReplication_SaysHowItCounts()
    {
        var world = new World(1, 2, 0);
        var order = new SampleOrder(Plain with { Replication = 2 });

        var notices = order.PlanEpoch(world, order.GetStartOfEpoch(world, 0) with { SampleInEpoch = 8 }).FindNotices();

        Assert.Equal(OrderNoticeKind.ResumedUnderReplication, Assert.Single(notices).Kind);
    }

    [Theory]
    [InlineData(BatchingMethod.PerStream, 40, false)]
    [InlineData(BatchingMethod.PerStream, 41, true)]
    [InlineData(BatchingMethod.DevicePerStream, 41, true)]
    [InlineData(BatchingMethod.Stratified, 40, false)]
    [InlineData(BatchingMethod.Random, 41, false)]
    public void Find_StreamsThatDoNotFillBatches_SaysThatSomeAreLeftOut(BatchingMethod method, int samples, bool says)
    {
        var options = Plain with
        {
            BatchingMethod = method,
            Streams = [new StreamShape { ShardSizes = [40] }, new StreamShape { ShardSizes = [samples] }],
        };

        Assert.Equal(says, Find(options, World.Single).Any(static notice => notice.Kind == OrderNoticeKind.IncompleteBatchesLeftOut));
    }

    private static List<OrderNotice> Find(OrderOptions options, World world)
    {
        var order = new SampleOrder(options);
        return [.. order.PlanEpoch(world, order.GetStartOfEpoch(world, 0)).FindNotices()];
    }
}
