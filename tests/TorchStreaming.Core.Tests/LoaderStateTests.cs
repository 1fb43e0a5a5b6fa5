// SPDX-License-Identifier: MIT

namespace TorchStreaming.Tests;

public sealed class LoaderStateTests
{
    private const string Upstream = """
        {"epoch": 3, "sample_in_epoch": 4096, "num_canonical_nodes": 8, "shuffle_seed": 9176, "initial_physical_nodes": 2,
         "other": [1]}
        """;

    [Fact]
    public void Parse_UpstreamsDictionary_ReadsItAndIgnoresOtherKeys()
    {
        var expected = new LoaderState { Epoch = 3, SampleInEpoch = 4096, NumCanonicalNodes = 8, ShuffleSeed = 9176,
            InitialPhysicalNodes = 2 };
        Assert.Equal(expected, LoaderState.Parse(Upstream));
    }

    [Fact]
    public void ToJson_ThenParse_GivesTheSameState()
    {
        var state = LoaderState.Parse(Upstream) with { ShuffleSeed = ulong.MaxValue, Fingerprint = new(7, 1, "ab", "shuffle=py1e") };
        Assert.Equal(state, LoaderState.Parse(state.ToJson()));
        Assert.Equal(state with { InitialPhysicalNodes = null }, LoaderState.Parse((state with { InitialPhysicalNodes = null }).ToJson()));
    }

    [Fact]
    public void Parse_NoInitialNodes_LeavesThemUnknown() => Assert.Null(
        LoaderState.Parse("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 0}""").InitialPhysicalNodes);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"epoch": 0}""")]
    [InlineData("""{"epoch": -2, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 0}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": -1, "num_canonical_nodes": 1, "shuffle_seed": 0}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": 0, "shuffle_seed": 0}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": null, "shuffle_seed": 0}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": -1}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 18446744073709551616}""")]
    [InlineData("""{"epoch": 0.5, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 0}""")]
    [InlineData("""{"epoch": "0", "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 0}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 0, "initial_physical_nodes": 0}""")]
    [InlineData("""{"epoch": 0, "sample_in_epoch": 0, "num_canonical_nodes": 1, "shuffle_seed": 0, "torchstreaming": {"samples": 1}}""")]
    public void Parse_NotAState_ThrowsResumeException(string json) => Assert.Throws<ResumeException>(() => LoaderState.Parse(json));

    [Fact]
    public void ToJson_FitsTheMemoryPageThatUpstreamKeepsStatesIn()
    {
        var state = LoaderState.Parse(Upstream) with { Fingerprint = new(long.MaxValue, long.MaxValue, new string('a', 16),
            new string('b', 500)) };
        Assert.InRange(state.ToJson().Length, 1, 4095);
    }
}
