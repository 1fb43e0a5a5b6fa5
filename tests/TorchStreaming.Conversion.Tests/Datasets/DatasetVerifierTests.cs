// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class DatasetVerifierTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task VerifyAsync_SoundDataset_FindsNothing()
    {
        await SmallDataset.WriteAsync(_directory.Path, 100);
        File.WriteAllText(_directory.Combine("index.json.cache"), "what a reader keeps beside the index");

        var found = await VerifyAsync();

        Assert.True(found.IsValid);
        Assert.Equal(100, found.CheckedSamples);
        Assert.Empty(found.UnlistedFiles);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VerifyAsync_DamagedAndMissingShards_NamesEach(bool inPlace)
    {
        await SmallDataset.WriteAsync(_directory.Path, 100);
        File.Delete(_directory.Combine("shard.00002.mds"));
        File.AppendAllText(_directory.Combine("shard.00004.mds"), "x");
        File.WriteAllText(_directory.Combine("shard.00099.mds"), "");

        var found = await VerifyAsync(inPlace);

        Assert.False(found.IsValid);
        Assert.Equal(["shard.00002.mds", "shard.00004.mds"], found.Problems.Select(static problem => Path.GetFileName(problem.File)));
        Assert.Equal("shard.00099.mds", Assert.Single(found.UnlistedFiles));
        Assert.InRange(found.CheckedSamples, 1, 99);
    }

    private async Task<DatasetVerification> VerifyAsync(bool inPlace = true)
    {
        var path = _directory.Combine("index.json");
        await using var store = new LocalObjectStore(_directory.Path);
        return await DatasetVerifier.VerifyAsync(
            store,
            inPlace ? _directory.Path : null,
            DatasetIndex.Parse(await File.ReadAllBytesAsync(path), path),
            new DatasetVerifierOptions { Hashes = true, Decode = true });
    }
}
