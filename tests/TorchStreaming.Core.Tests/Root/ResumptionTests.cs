// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests;

public sealed class ResumptionTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    public Task InitializeAsync() => SmallDataset.WriteAsync(_directory.Path, 61);

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(0, 1, 3)]
    [InlineData(2, 2, 2)]
    public void StateDict_AfterAnyBatch_ContinuesTheEpochInANewDataSet(int workers, int nodes, int ranksPerNode)
    {
        for (var rank = 0; rank < nodes * ranksPerNode; rank++)
        {
            var world = new World(nodes, ranksPerNode, rank);
            var whole = ReadEpoch(world, workers, state: null);
            for (var batches = 0; batches <= whole.Count; batches++)
            {
                var state = TakeState(world, workers, batches);
                var rest = ReadEpoch(world, workers, state);
                Assert.Equal(whole.Count - batches, rest.Count);

                // What fills up the last batch of a rank depends on where the epoch was resumed, as in upstream.
                var padded = world.RankCount > 1 ? 1 : 0;
                Assert.Equal(whole.Skip(batches).SkipLast(padded), rest.SkipLast(padded));
            }
        }
    }

    [Fact]
    public void LoadStateDict_OfAnEarlierEpoch_TakesTheRunBack()
    {
        using var dataset = Open(World.Single);
        using var loader = CreateLoader(dataset, workers: 2);
        var states = new List<LoaderState>();
        var epochs = new List<List<long[]>>();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            epochs.Add(Read(loader));
            states.Add(loader.StateDict());
        }

        // The state of a finished epoch resumes at its end: nothing is left of it, and the next one follows.
        loader.LoadStateDict(states[0]);
        Assert.Empty(Read(loader));
        Assert.Equal(epochs[1], Read(loader));

        loader.LoadStateDict(states[1] with { SampleInEpoch = 8 });
        Assert.Equal(epochs[1].Skip(2), Read(loader));
        Assert.Equal(epochs[2], Read(loader));
    }

    // 61 samples on 32 canonical nodes are 64 with the repeated ones: the last states count more samples than the epoch has.
    [Fact]
    public void StateDict_WhereCanonicalNodesRepeatSamples_ContinuesToTheVeryEnd()
    {
        var options = new StreamingDatasetOptions { BatchSize = 1, Shuffle = true, NumCanonicalNodes = 32, World = World.Single };
        var whole = ReadAfter(null, out _);
        Assert.Equal(64, whole.Count);
        for (var batches = 60; batches <= whole.Count; batches++)
        {
            ReadAfter(null, out var state, batches);
            Assert.Equal(batches, state.SampleInEpoch);
            Assert.Equal(whole.Skip(batches), ReadAfter(state, out _));
        }

        Assert.Throws<ResumeException>(() => ReadAfter(TakeState(World.Single, workers: 0, batches: 2) with { SampleInEpoch = 65 }, out _));

        List<long[]> ReadAfter(LoaderState? start, out LoaderState end, int most = int.MaxValue)
        {
            using var dataset = StreamingDataset.Open(_directory.Path, options);
            using var loader = CreateLoader(dataset, workers: 0);
            if (start is not null)
            {
                loader.LoadStateDict(start);
            }

            var read = loader.Take(most).Select(static batch => batch.GetValues<long>("id").ToArray()).ToList();
            end = loader.StateDict();
            return read;
        }
    }

    [Fact]
    public void LoadStateDict_TakenBeforeTheFirstEpoch_StartsOver()
    {
        using var dataset = Open(World.Single);
        using var loader = CreateLoader(dataset, workers: 0);
        var beginning = loader.StateDict();
        var first = Read(loader);
        _ = Read(loader);

        Assert.Equal(-1, beginning.Epoch);
        loader.LoadStateDict(beginning);
        Assert.Equal(first, Read(loader));
    }

    [Fact]
    public void StateDict_OfAnyRank_IsTheSame()
    {
        var states = Enumerable.Range(0, 4).Select(rank =>
        {
            using var dataset = Open(new World(2, 2, rank));
            using var loader = CreateLoader(dataset, workers: 1);
            using var batches = loader.GetEnumerator();
            batches.MoveNext();
            batches.MoveNext();
            return loader.StateDict().ToJson();
        });

        Assert.Single(states.Distinct());
    }

    private static BatchLoader CreateLoader(StreamingDataset dataset, int workers) =>
        new(dataset, new ColumnSet(new ScalarColumn("id")), new BatchLoaderOptions { NumWorkers = workers });

    private static List<long[]> Read(BatchLoader loader) => [.. loader.Select(static batch => batch.GetValues<long>("id").ToArray())];

    private StreamingDataset Open(World world) =>
        StreamingDataset.Open(_directory.Path, new() { BatchSize = 4, Shuffle = true, NumCanonicalNodes = 2, World = world });

    private LoaderState TakeState(World world, int workers, int batches)
    {
        using var dataset = Open(world);
        using var loader = CreateLoader(dataset, workers);
        using var epoch = loader.GetEnumerator();
        for (var i = 0; i < batches; i++)
        {
            Assert.True(epoch.MoveNext());
        }

        return LoaderState.Parse(loader.StateDict().ToJson());
    }

    private List<long[]> ReadEpoch(World world, int workers, LoaderState? state)
    {
        using var dataset = Open(world);
        using var loader = CreateLoader(dataset, workers);
        if (state is not null)
        {
            loader.LoadStateDict(state);
        }

        return Read(loader);
    }
}
