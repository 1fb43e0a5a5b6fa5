// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

public sealed class SampleSelectionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Indexer_Range_LendsTheSamplesInOrder()
    {
        using var dataset = await OpenAsync(50);

        Assert.Equal([10, 11, 12, 13], Ids(dataset[10..14]));
        Assert.Equal([48, 49], Ids(dataset[^2..]));
        Assert.Equal(Enumerable.Range(0, 50).Select(static id => (long)id), Ids(dataset[..]));
        Assert.Empty(Ids(dataset[50..]));
        Assert.Equal(4, dataset[10..14].Count);
        Assert.Equal(13, dataset[10..14].GetId(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[10..14].GetId(4));
    }

    [Fact]
    public async Task Indexer_RangeOutside_NamesTheSize()
    {
        using var dataset = await OpenAsync(50);

        foreach (var range in new[] { 10..51, 12..10, ^51.. })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => dataset[range]);
            Assert.Contains("50 samples", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Indexer_Numbers_LendsThemInTheOrderGiven()
    {
        using var dataset = await OpenAsync(50);
        long[] wanted = [49, 0, -1, 25, 25, 1, -50, 48];

        Assert.Equal([49, 0, 49, 25, 25, 1, 0, 48], Ids(dataset[wanted]));
        Assert.Equal([49, 0, 49, 25, 25, 1, 0, 48], Ids(dataset[(IReadOnlyList<long>)wanted.ToList().AsReadOnly()]));
        Assert.Equal([3, 1, 49], Ids(dataset[3, 1, -1]));
        Assert.Empty(Ids(dataset[Array.Empty<long>()]));
    }

    [Fact]
    public async Task Indexer_NumberOutside_NamesTheSizeAtOnce()
    {
        using var dataset = await OpenAsync(50);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => dataset[3, 50]);
        Assert.Contains("0 to 49", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[new List<long> { -51 }]);
    }

    [Fact]
    public async Task Indexer_ListThatChanges_KeepsWhatItWasGiven()
    {
        using var dataset = await OpenAsync(10);
        List<long> numbers = [1, 2, 3];
        var selection = dataset[numbers];
        numbers[0] = 9;

        Assert.Equal([1, 2, 3], Ids(selection));
    }

    /// <summary>Every slice of a short list, against the definition of Python's <c>slice.indices</c>.</summary>
    [Fact]
    public async Task Slice_AnyEndsAndStep_IsPythons()
    {
        using var dataset = await OpenAsync(5);
        long?[] ends = [null, -7, -6, -5, -4, -1, 0, 1, 3, 4, 5, 6, long.MinValue, long.MaxValue];
        foreach (var (start, stop) in ends.SelectMany(start => ends.Select(stop => (start, stop))))
        {
            foreach (var step in new[] { 1, 2, 3, 7, -1, -2, -3, -7, long.MaxValue, long.MinValue })
            {
                var selection = dataset.Slice(start, stop, step);
                var actual = Enumerable.Range(0, checked((int)selection.Count)).Select(place => selection.GetId(place));
                Assert.Equal((start, stop, step, Join(PythonSlice(start, stop, step, 5))), (start, stop, step, Join(actual)));
            }
        }

        Assert.Equal([4, 3, 2, 1, 0], Ids(dataset.Slice(step: -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Slice(step: 0));
    }

    [Fact]
    public async Task ReadAsync_ShuffledNumbers_LendsEveryOne()
    {
        await using var dataset = await OpenAsync(300);
        var numbers = Enumerable.Range(0, 300).Select(static i => (long)(i * 7 % 300)).ToArray();
        var ids = new List<long>();
        await foreach (var sample in dataset[numbers].ReadAsync())
        {
            using (sample)
            {
                Assert.Equal(sample.Id, sample.Get<long>("id"));
                ids.Add(sample.Id);
            }
        }

        Assert.Equal(numbers, ids);
    }

    [Fact]
    public async Task Enumerate_Slice_FetchesOnlyItsShardsEachOnce()
    {
        await SmallDataset.WriteAsync(_directory.Combine("remote"), 400);
        using var dataset = StreamingDataset.Open(
            _directory.Combine("remote"), new() { Local = _directory.Combine("local"), ValidateHash = null });
        var (first, last) = (dataset.Spanner.Find(100).Shard, dataset.Spanner.Find(159).Shard);

        Assert.Equal(60, Ids(dataset[100..160]).Count);

        Assert.Equal(last - first + 1, dataset.CacheStatistics.DownloadedFiles);
        Assert.Equal(last - first + 1, dataset.CacheStatistics.Misses);
    }

    [Fact]
    public async Task Enumerate_FirstSample_ReadsAheadFourShardsAtMost()
    {
        await SmallDataset.WriteAsync(_directory.Combine("remote"), 4000);
        using var dataset = StreamingDataset.Open(_directory.Combine("remote"), new() { Local = _directory.Combine("local") });
        Assert.True(dataset.Spanner.ShardCount > 100);

        dataset[..].First().Dispose();

        Assert.InRange(dataset.CacheStatistics.DownloadedFiles, 1, 4);
        AssertNothingIsLeased(dataset);
    }

    [Fact]
    public async Task Enumerate_UnderACacheLimitOfFewShards_DeliversAll()
    {
        await SmallDataset.WriteAsync(_directory.Combine("remote"), 200);
        var options = new StreamingDatasetOptions { Local = _directory.Combine("local"), CacheLimit = ByteSize.Parse("9kb") };
        using var dataset = StreamingDataset.Open(_directory.Combine("remote"), options);
        var numbers = Enumerable.Range(0, 200).Select(static i => (long)(i * 37 % 200)).ToArray();

        Assert.Equal(numbers, Ids(dataset[numbers]));
        Assert.True(dataset.CacheStatistics.Evictions > 0);
    }

    [Fact]
    public async Task Enumerate_MissingShard_FailsAtTheSampleThatNeedsIt()
    {
        await SmallDataset.WriteAsync(_directory.Combine("data"), 50);
        using var dataset = StreamingDataset.Open(_directory.Combine("data"));
        var shard = dataset.Spanner.Find(20).Shard;
        var first = dataset.Spanner.GetFirstSample(shard);
        File.Delete(_directory.Combine("data", dataset.Indexes[0].Shards[shard].Files[0].Raw.Basename));
        var ids = new List<long>();

        var error = Assert.ThrowsAny<TorchStreamingException>(() =>
        {
            foreach (var sample in dataset[..])
            {
                ids.Add(sample.Id);
                sample.Dispose();
            }
        });

        Assert.IsType<StorageException>(error);
        Assert.Equal(Enumerable.Range(0, (int)first).Select(static id => (long)id), ids);
        AssertNothingIsLeased(dataset);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_EndsAndGivesEverythingBack()
    {
        await using var dataset = await OpenAsync(50);
        using var cancellation = new CancellationTokenSource();
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var sample in dataset[..].ReadAsync(cancellation.Token))
            {
                sample.Dispose();
                seen++;
                await cancellation.CancelAsync();
            }
        });

        Assert.InRange(seen, 1, 49);
        AssertNothingIsLeased(dataset);
    }

    [Fact]
    public async Task Select_DisposedDataset_Throws()
    {
        var dataset = await OpenAsync(5);
        var selection = dataset[1..3];
        dataset.Dispose();

        Assert.Throws<ObjectDisposedException>(() => dataset[..]);
        Assert.Throws<ObjectDisposedException>(() => Ids(selection));
    }

    private async Task<StreamingDataset> OpenAsync(int count)
    {
        await SmallDataset.WriteAsync(_directory.Combine("data"), count);
        return await StreamingDataset.OpenAsync(_directory.Combine("data"));
    }

    private static List<long> Ids(SampleSelection selection)
    {
        var ids = new List<long>();
        foreach (var sample in selection)
        {
            using (sample)
            {
                Assert.Equal(sample.Id, sample.Get<long>("id"));
                ids.Add(sample.Id);
            }
        }

        return ids;
    }

    /// <summary>What is leased stays open when a dataset is closed.</summary>
    private static void AssertNothingIsLeased(StreamingDataset dataset)
    {
        dataset.Dispose();
        Assert.Equal(0, dataset.CacheStatistics.OpenShards);
    }

    private static string Join(IEnumerable<long> ids) => string.Join(',', ids);

    /// <summary>Walks as the Python reference describes it: missing and outer ends are clamped, then steps are taken one by one.</summary>
    private static IEnumerable<long> PythonSlice(Int128? start, Int128? stop, Int128 step, long size)
    {
        var (lower, upper) = step < 0 ? ((Int128)(-1), (Int128)size - 1) : (0, size);
        var first = Bound(start) ?? (step < 0 ? upper : lower);
        var last = Bound(stop) ?? (step < 0 ? lower : upper);
        for (var at = first; step > 0 ? at < last : at > last; at += step)
        {
            yield return (long)at;
        }

        Int128? Bound(Int128? end) => end is not { } value ? null
            : value < 0 ? Int128.Max(value + size, lower)
            : Int128.Min(value, upper);
    }
}
