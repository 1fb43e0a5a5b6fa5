// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

public sealed class EpochSequenceTests
{
    private static readonly OrderOptions Options = Epochs.Options(4, [30, 40, 50]);

    [Fact]
    public void Load_StateOfTheRunningEpoch_GoesBackToIt()
    {
        var sequence = new EpochSequence(new SampleOrder(Options), World.Single);
        var first = Epochs.ReadBatches(sequence.BeginEpoch());
        var state = sequence.GetState(12);
        var second = Epochs.ReadBatches(sequence.BeginEpoch());
        sequence.Load(state);
        Assert.Equal(0, sequence.NextEpoch);
        Assert.Equal(first.Skip(3), Epochs.ReadBatches(sequence.BeginEpoch()));
        Assert.Equal(second, Epochs.ReadBatches(sequence.BeginEpoch()));
    }

    [Fact]
    public void GetState_AfterAResume_CountsFromTheBeginningOfTheEpoch()
    {
        var sequence = new EpochSequence(new SampleOrder(Options), World.Single);
        sequence.BeginEpoch();
        sequence.Load(sequence.GetState(12));
        Assert.Equal(12, sequence.GetState(0).SampleInEpoch);
        sequence.BeginEpoch();
        Assert.Equal(20, sequence.GetState(8).SampleInEpoch);
        Assert.Equal(8, sequence.GetState(8, fromBeginning: true).SampleInEpoch);
    }

    [Fact]
    public void Load_StateFromBeforeTheFirstEpoch_BeginsAtTheBeginning()
    {
        var sequence = new EpochSequence(new SampleOrder(Options), World.Single);
        var state = sequence.GetState(0);
        Assert.Equal(-1, state.Epoch);
        sequence.BeginEpoch();
        sequence.Load(state);
        Assert.Equal(0, sequence.BeginEpoch().Epoch);
    }

    [Fact]
    public void Load_StateWithOtherSeedAndNodes_KeepsThemForLaterEpochs()
    {
        var sequence = new EpochSequence(new SampleOrder(Options), World.Single);
        sequence.Load(new LoaderState { Epoch = 4, SampleInEpoch = 0, NumCanonicalNodes = 3, ShuffleSeed = 77 });
        sequence.BeginEpoch();
        var next = sequence.BeginEpoch();
        Assert.Equal((5, 3, 77UL), (next.Epoch, next.NumCanonicalNodes, next.Start.ShuffleSeed));
    }

    [Fact]
    public void Load_StateOfAnotherDataSet_ShowsBoth()
    {
        var state = new EpochSequence(new SampleOrder(Epochs.Options(4, [30, 40, 51])), World.Single).GetState(0);
        var exception = Assert.Throws<ResumeException>(() => new EpochSequence(new SampleOrder(Options), World.Single).Load(state));
        Assert.Contains("121 samples", exception.Message, StringComparison.Ordinal);
        Assert.Contains("120 samples", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_StateOfOtherOptions_ShowsBoth()
    {
        var state = new EpochSequence(new SampleOrder(Options with { ShuffleAlgorithm = ShuffleAlgorithm.Py1S }), World.Single).GetState(0);
        var exception = Assert.Throws<ResumeException>(() => new EpochSequence(new SampleOrder(Options), World.Single).Load(state));
        Assert.Contains("shuffle=py1s", exception.Message, StringComparison.Ordinal);
        Assert.Contains("shuffle=py1e", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_StateOfAnotherBatchSizeAndWorld_IsTaken()
    {
        var state = new EpochSequence(new SampleOrder(Options), World.Single).GetState(0) with { Epoch = 1, SampleInEpoch = 8 };
        var sequence = new EpochSequence(new SampleOrder(Options with { BatchSize = 2 }), new World(2, 1, 1));
        sequence.Load(state);
        Assert.Equal(1, sequence.BeginEpoch(workers: 3).Epoch);
    }

    [Fact]
    public void BeginEpoch_StateBeyondTheEpoch_ShowsBoth()
    {
        var sequence = new EpochSequence(new SampleOrder(Options), World.Single);
        sequence.Load(new LoaderState { Epoch = 0, SampleInEpoch = 500, NumCanonicalNodes = 1, ShuffleSeed = 1 });
        var exception = Assert.Throws<ResumeException>(() => sequence.BeginEpoch());
        Assert.Contains("500", exception.Message, StringComparison.Ordinal);
        Assert.Contains("121", exception.Message, StringComparison.Ordinal);
    }
}
