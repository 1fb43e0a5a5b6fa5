// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Faults;

/// <summary>Four ranks as processes over one cache with room for four shards.</summary>
public sealed class FourProcessesTests(ITestOutputHelper output) : IDisposable
{
    private const int Ranks = 4;
    private const int Epochs = 2;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("gz")]
    public async Task Epochs_RoomForFourShards_AllRanksFinishWithinTheLimit(string? compression)
    {
        var data = await SharedCacheData.WriteAsync(_directory.Combine("remote"), 2000, compression);
        var index = new FileInfo(Path.Combine(data.Remote, DatasetIndex.FileName)).Length;
        var limit = (4 * data.LargestShard) + index;
        var local = _directory.Combine("local");
        var ranks = Enumerable.Range(0, Ranks)
            .Select(rank => RankProcess.Start(data.Remote, local, rank, Ranks, Epochs, limit, pauseMilliseconds: 1)).ToArray();
        var reports = new List<RankProcess.RankReport>();
        for (var rank = 0; rank < Ranks; rank++)
        {
            using var process = ranks[rank];
            var report = await process.CompleteAsync();
            Assert.Equal(data.Expect(rank, Ranks, Epochs), report.Epochs);
            reports.Add(report);
        }

        var most = reports.Max(static report => report.MostCacheBytes);
        var downloaded = reports.Sum(static report => report.DownloadedBytes);
        var needed = Epochs * data.Index.Shards.Sum(static shard => shard.StoredBytes);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{compression ?? "plain"}: {data.Index.Shards.Length} shards, limit {limit:N0}, most {most:N0} bytes ({(most - limit) / (double)data.LargestShard:+0.0;-0.0} "
                + $"shards), downloaded {downloaded:N0} of {needed:N0} needed bytes (× {downloaded / (double)needed:0.00})"));
        Assert.InRange(most, 1, limit + (Ranks * data.LargestShard));

        // Each rank reads its own quarter: a shard is fetched for each epoch that needs it, and again where two ranks share it.
        Assert.InRange(downloaded, 1, needed * 2);
        data.AssertClean(local);
    }
}
