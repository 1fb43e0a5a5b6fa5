// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class DatasetMergerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task MergeAsync_DatasetsAnywhere_CopiesThemBelowOneIndex(int workers)
    {
        var parts = new[] { await PartAsync("here/a", 20, 0), await PartAsync("there/b", 30, 100) };
        await using var output = new LocalObjectStore(_directory.Combine("out"));

        var merged = await DatasetMerger.MergeAsync(parts, output, workers: workers);

        Assert.Equal(50, merged.SampleCount);
        Assert.Equal([.. Range(0, 20), .. Range(100, 30)], Ids("out"));
        Assert.All(merged.Shards, static shard => Assert.Matches("^[ab]/shard", shard.Files[0].Raw.Basename));
    }

    [Fact]
    public async Task MergeAsync_PartBelowTheOutput_StaysWhereItIs()
    {
        await SmallDataset.WriteAsync(_directory.Combine("out", "deep", "a"), 20);
        var before = Directory.GetFiles(_directory.Combine("out", "deep", "a")).ToDictionary(static path => path, File.GetLastWriteTimeUtc);
        await using var output = new LocalObjectStore(_directory.Combine("out"));

        await DatasetMerger.MergeAsync(
            [new DatasetPart("deep/a", Read("out/deep/a"), Source: null), await PartAsync("there/b", 10, 100)], output);

        Assert.Equal([.. Range(0, 20), .. Range(100, 10)], Ids("out"));
        Assert.All(before, static file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
    }

    [Fact]
    public async Task MergeAsync_IndexThere_IsReplacedOnlyIfAsked()
    {
        var parts = new[] { await PartAsync("a", 5, 0) };
        await using var output = new LocalObjectStore(_directory.Combine("out"));
        await DatasetMerger.MergeAsync(parts, output);

        var error = await Assert.ThrowsAsync<StorageException>(() => DatasetMerger.MergeAsync(parts, output));
        Assert.Equal(StorageErrorKind.PreconditionFailed, error.Kind);
        Assert.Equal(5, (await DatasetMerger.MergeAsync(parts, output, replace: true)).SampleCount);
    }

    [Fact]
    public async Task MergeAsync_ShardOfAnotherSize_WritesNoIndex()
    {
        var part = await PartAsync("a", 20, 0);
        File.AppendAllText(_directory.Combine("a", "shard.00001.mds"), "x");
        await using var output = new LocalObjectStore(_directory.Combine("out"));

        var error = await Assert.ThrowsAsync<ShardFormatException>(() => DatasetMerger.MergeAsync([part], output));

        Assert.Contains("shard.00001.mds", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory.Combine("out", "index.json")));
    }

    [Fact]
    public async Task MergeAsync_TwoPartsOfOneFolderOrNone_Throws()
    {
        var part = await PartAsync("a", 5, 0);
        await using var output = new LocalObjectStore(_directory.Combine("out"));

        await Assert.ThrowsAsync<ShardFormatException>(() => DatasetMerger.MergeAsync([part, part], output));
        await Assert.ThrowsAsync<ArgumentException>(() => DatasetMerger.MergeAsync([], output));
        await Assert.ThrowsAsync<ArgumentException>(() => DatasetMerger.MergeAsync([part with { Folder = "../a" }], output));
    }

    private async Task<DatasetPart> PartAsync(string folder, int count, int firstId)
    {
        await SmallDataset.WriteAsync(_directory.Combine(folder), count, firstId);
        return new DatasetPart(Path.GetFileName(folder), Read(folder), new LocalObjectStore(_directory.Combine(folder)));
    }

    private DatasetIndex Read(string folder)
    {
        var path = _directory.Combine(folder, "index.json");
        return DatasetIndex.Parse(File.ReadAllBytes(path), path);
    }

    private List<long> Ids(string folder)
    {
        using var dataset = StreamingDataset.Open(_directory.Combine(folder));
        return [.. new RecordSchema<long>(static sample => sample.Get<long>("id")).Read(dataset)[..]];
    }

    private static IEnumerable<long> Range(int start, int count) => Enumerable.Range(start, count).Select(static id => (long)id);
}
