// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Root;

public sealed class DataStreamTests
{
    [Fact]
    public void WithDefaults_OpenMembers_AreTakenFromTheOptions()
    {
        var options = new StreamingDatasetOptions
        {
            Split = "train",
            DownloadRetry = 5,
            DownloadTimeout = TimeSpan.FromSeconds(7),
            ValidateHash = "xxh64",
            KeepZip = true,
        };

        var stream = new DataStream { Remote = "https://data.example.org/a", DownloadRetry = 3 }.WithDefaults(options);

        Assert.Equal(3, stream.DownloadRetry);
        Assert.Equal("train", stream.Split);
        Assert.Equal(TimeSpan.FromSeconds(7), stream.DownloadTimeout);
        Assert.Equal("xxh64", stream.ValidateHash);
        Assert.True(stream.KeepZip);
        Assert.Equal(StreamingDataset.GetDefaultLocal("https://data.example.org/a"), stream.Local);
    }

    [Fact]
    public void WithDefaults_StreamWithoutLocation_Throws() =>
        Assert.Throws<ArgumentException>(() => new DataStream().WithDefaults(new StreamingDatasetOptions()));

    [Fact]
    public void ValidateWeights_ProportionOnOneOfTwo_Throws()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => DataStream.ValidateWeights([new() { Proportion = 0.5 }, new() { Repeat = 2 }]));

        Assert.Contains("roportion", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidateWeights_OneKindOnAll_Passes() => DataStream.ValidateWeights([new() { Proportion = 0.5 }, new() { Proportion = 0 }]);

    // The examples of specs/mds.md §20.
    [Fact]
    public void ApplyWeights_AbsoluteWeights_GivesUpstreamsChoices()
    {
        var weights = DataStream.ApplyWeights([new() { Repeat = 1.5 }, new() { Choose = 7 }, new()], [10, 20, 30]);

        Assert.Equal<long>([15, 7, 30], weights.Choose);
        Assert.Equal(52, weights.EpochSize);
    }

    [Fact]
    public void ApplyWeights_NoWeightsButAnEpochSize_DividesBySamples()
    {
        var weights = DataStream.ApplyWeights([new(), new()], [30, 12], epochSize: 100);

        Assert.Equal<long>([71, 29], weights.Choose);
    }

    [Fact]
    public async Task OpenAsync_RemoteOfCompressedShards_PreparesThemOneByOne()
    {
        using var folder = new TemporaryDirectory();
        var remote = GoldenData.OwnPathOf("streaming", "e2e-datasets", "z");

        await using var stream = await new DataStream { Remote = remote, Local = folder.Path }.OpenAsync();
        await stream.PrepareShardAsync(2);

        Assert.Equal(new FileInfo(Path.Combine(remote, "index.json")).Length, stream.IndexBytes);
        Assert.Equal(8, stream.Index.Shards.Length);
        Assert.Equal(["index.json", "shard.00002.mds"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await stream.PrepareShardAsync(8));
    }
}
