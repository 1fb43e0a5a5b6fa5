// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Storage;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Tars;

/// <summary>Tars in an AIStore cluster give the same samples whichever way they are read.</summary>
public sealed class ClusterTarTests : AISClusterFixture
{
    private readonly TemporaryDirectory _folder = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(TarKeyRule.WebDataset, 5)]
    [InlineData(TarKeyRule.AIStore, 3)]
    public async Task ReadEpoch_ThreeWaysOverTheSameTars_GiveTheSameSamples(TarKeyRule rule, int expected)
    {
        // Under one rule val/1 is a sample of its own and .seg.PNG a field; under the other it belongs to train/1, and the field is PNG.
        Put("a.tar", new TarBytes().Add("train/", default, '5').Add("train/1.seg.PNG", "a").Add("train/1.cls", "b").Add("README", "c")
            .Add("train/2.cls", "d").Add("val/1.cls", "e"));
        Put("b.tar", new TarBytes().Add(".hidden", "f").Add("3.txt", "g").Add("3.cls", "h").Add("train/3.txt", "i"));
        var tars = new TarOptions { KeyRule = rule };

        var sharded = await ReadShardsAsync(rule);

        Assert.Equal(expected, sharded.Count(static sample => !sample.StartsWith(':')));
        Assert.Equal(sharded, await ReadSequentialAsync(tars));
        Assert.Equal(sharded, await ReadIndexedAsync(tars));
    }

    [Theory]
    [InlineData("redirect to itself once", false)]
    [InlineData("redirect to itself once", true)]
    [InlineData("redirect loop", false)]
    [InlineData("redirect loop", true)]
    [InlineData("target restart", false)]
    [InlineData("target restart", true)]
    [InlineData("throttled", false)]
    [InlineData("throttled", true)]
    [InlineData("reset", false)]
    [InlineData("reset", true)]
    [InlineData("cut short", false)]
    [InlineData("cut short", true)]
    [InlineData("wrong checksum", false)]
    [InlineData("wrong checksum", true)]
    [InlineData("listing repeats", false)]
    [InlineData("listing repeats", true)]
    public async Task ReadEpoch_WithFaults_GivesTheExactSamplesOrOneTypedError(string fault, bool isIndexed)
    {
        AISEpochFaults.PutShards(Server);
        var whole = await ReadShardsAsync(TarKeyRule.WebDataset);
        Func<TarOptions, Task<List<string>>> read = isIndexed ? ReadIndexedAsync : ReadSequentialAsync;
        await AISEpochFaults.ScriptAsync(Server, fault);
        if (fault is "redirect loop" or "wrong checksum")
        {
            await Assert.ThrowsAsync<StorageException>(() => read(new TarOptions()));
        }

        Assert.Equal(AISEpochFaults.SampleCount, whole.Count);
        Assert.Equal(whole, await read(new TarOptions()));
    }

    [Fact]
    public async Task ReadEpoch_DamagedTarWithMuchBehindItsEndMark_IsOneTypedError()
    {
        Server.Contents.Put("imagenet", "a.tar", [.. new TarBytes().Add("1.bin", "content").ToArray(), .. new byte[4 << 20]]);
        Server.Script(static request => request is { IsTarget: true, IsObject: true }, new AIStoreFault.FlipByte(515));

        await ThrowsKindAsync(StorageErrorKind.Other, () => ReadSequentialAsync(new TarOptions()));
    }

    [Fact]
    public async Task StateDict_OnAnotherWorld_DeliversTheRestFromTheCluster()
    {
        var id = 0;
        foreach (var (tar, count) in new[] { 9, 12, 7, 4 }.Index())
        {
            Server.Contents.Put("imagenet", $"train-{tar}.tar", SmallTars.Make(id, count));
            id += count;
        }

        var first = await ReadBatchesAsync(new World(1, 2, 0), null, 2);
        var second = await ReadBatchesAsync(new World(1, 2, 1), null, 2);
        var rest = new List<long>();
        for (var rank = 0; rank < 4; rank++)
        {
            rest.AddRange((await ReadBatchesAsync(new World(4, 1, rank), first.State, int.MaxValue)).Ids);
        }

        var before = first.Ids.Concat(second.Ids).ToList();
        Assert.Equal(16, before.Count);
        Assert.Empty(before.Intersect(rest));
        Assert.Equal(Enumerable.Range(0, id).Select(static id => (long)id), before.Concat(rest).Distinct().Order());
    }

    private void Put(string name, TarBytes tar) => Server.Contents.Put("imagenet", name, tar.ToArray());

    private ObjectStoreResolver Stores => new ObjectStoreResolver().AddAIStore(Options);

    private async Task<List<string>> ReadShardsAsync(TarKeyRule rule)
    {
        var stream = new AISShardStream([Bucket], new AISStreamOptions { KeyRule = rule });
        return [.. (await ToListAsync(stream.ReadEpochAsync())).Select(static sample =>
            Show(sample.Key, sample.Fields.Select(static field => (field.Key, field.Value))))];
    }

    private async Task<List<string>> ReadSequentialAsync(TarOptions tars)
    {
        var options = new TarStreamOptions
        {
            Tars = tars, World = World.Single, Stores = Stores, Retry = new RetryPolicy { Attempts = 5 },
        };
        await using var stream = await TarStream.OpenAsync("ais://imagenet", options);
        var samples = new List<string>();
        await foreach (var sample in stream.ReadEpochAsync())
        {
            samples.Add(Show(sample.Key, sample.Fields.Select(field => (field, sample[field]))));
            sample.Dispose();
        }

        return samples;
    }

    private async Task<List<string>> ReadIndexedAsync(TarOptions tars)
    {
        await using var dataset = await OpenAsync(new DataStream { Remote = "ais://imagenet", Tars = tars }, World.Single);
        var samples = new List<string>();
        for (var i = 0L; i < dataset.Count; i++)
        {
            using var sample = dataset[i];
            samples.Add(Show(
                sample.Get<string>("__key__"),
                sample.Columns.Skip(1).Select(column => (column.Name, (ReadOnlyMemory<byte>)sample.Bytes(column.Name).ToArray()))));
        }

        return samples;
    }

    private async Task<(List<long> Ids, LoaderState State)> ReadBatchesAsync(World world, LoaderState? state, int batches)
    {
        await using var dataset = await OpenAsync(new DataStream { Remote = "ais://imagenet/train-{0..3}.tar" }, world);
        await using var loader = new BatchLoader(dataset, new ColumnSet(new BytesColumn("id")));
        if (state is not null)
        {
            loader.LoadStateDict(state);
        }

        var ids = new List<long>();
        foreach (var batch in loader.Take(batches))
        {
            for (var row = 0; row < batch.Count; row++)
            {
                ids.Add(BitConverter.ToInt64(batch.GetRow("id", row)));
            }
        }

        return (ids, loader.StateDict());
    }

    /// <summary>Opens tars with an index, each time with a cache of its own.</summary>
    private ValueTask<StreamingDataset> OpenAsync(DataStream stream, World world) => StreamingDataset.OpenAsync(
        [stream with { Local = _folder.Combine(Guid.NewGuid().ToString("N")) }],
        new StreamingDatasetOptions
        {
            BatchSize = 4,
            Shuffle = true,
            NumCanonicalNodes = 4,
            World = world,
            Stores = Stores,
            TimeProvider = Time,
            DownloadRetry = 4,
        });

    /// <summary>Shows a sample by the fields that it has; readers differ in which empty ones they add, and in what order.</summary>
    private static string Show(string key, IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> fields) => $"{key}:" + string.Concat(
        fields.Where(static field => !field.Content.IsEmpty)
            .OrderBy(static field => field.Name, StringComparer.Ordinal)
            .Select(static field => string.Create(CultureInfo.InvariantCulture, $" {field.Name}={Convert.ToHexStringLower(field.Content.Span)}")));
}
