// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class DatasetConverterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(ShardFormats.Mds)]
    [InlineData(ShardFormats.Json)]
    public async Task ConvertAsync_AnyNumberOfWorkers_WritesTheSameBytes(string format)
    {
        await SmallDataset.WriteAsync(_directory.Combine("source"), 300);
        var digests = new List<SortedDictionary<string, string>>();
        foreach (var workers in new[] { 1, 2, 7 })
        {
            await ConvertAsync($"out{workers}", new DatasetConverterOptions
            {
                Format = format,
                Workers = workers,
                Writer = new DatasetWriterOptions
                {
                    Compression = "gz",
                    Hashes = ["xxh64"],
                    SizeLimit = ByteSize.Parse("1kb"),
                    MaxConcurrentShards = workers,
                },
            });
            digests.Add(DirectoryContents.Digest(_directory.Combine($"out{workers}")));
        }

        Assert.True(digests[0].Count > 5);
        Assert.All(digests, digest => Assert.Equal(digests[0], digest));
    }

    [Fact]
    public async Task ConvertAsync_DamagedShardFarAhead_FailsAndLeavesNothing()
    {
        await SmallDataset.WriteAsync(_directory.Combine("source"), 100);
        File.Delete(_directory.Combine("source", "shard.00005.mds"));

        var error = await Assert.ThrowsAsync<StorageException>(() => ConvertAsync("out", new DatasetConverterOptions { Workers = 8 }));

        Assert.Contains("shard.00005.mds", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory.Combine("out", "index.json")));
    }

    [Fact]
    public async Task ConvertAsync_Cancelled_Ends()
    {
        await SmallDataset.WriteAsync(_directory.Combine("source"), 100);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ConvertAsync("out", new DatasetConverterOptions(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Workers_None_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => new DatasetConverterOptions { Workers = 0 });

    private async Task ConvertAsync(string output, DatasetConverterOptions options, CancellationToken cancellationToken = default)
    {
        var source = _directory.Combine("source");
        var path = Path.Combine(source, "index.json");
        await using var store = new LocalObjectStore(source);
        await DatasetConverter.ConvertAsync(
            store,
            source,
            DatasetIndex.Parse(await File.ReadAllBytesAsync(path, CancellationToken.None), path),
            _directory.Combine(output),
            options,
            cancellationToken: cancellationToken);
    }
}
