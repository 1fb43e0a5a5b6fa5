// SPDX-License-Identifier: MIT

using System.Collections;
using Microsoft.DotNet.Interactive.Formatting;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Interactive.Tests;

/// <summary>Values of each kind, as the formatter of .NET Interactive shows them once ours are registered.</summary>
public sealed class NotebookFormattersTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();

    public async Task InitializeAsync()
    {
        await ImageDataset.WriteAsync(_folder.Combine("data"), 12);
        await SmallDataset.WriteAsync(_folder.Combine("records"), 20);
        SmallTars.Write(_folder.Combine("tars"), 3, 2);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void DatasetAndWhatItGives_Formatted_AreOurHtml()
    {
        using var dataset = Open();
        using var sample = dataset[3];

        Check(dataset, "12 samples in 1 shard", _folder.Combine("data"), "image");
        Check(sample, "Sample 3", "data:image/png;base64,", "&lt;b&gt;3&lt;/b&gt;");
        Check(dataset[2..9], "A selection of 7 samples");
        Check(DatasetIndex.Parse(File.ReadAllBytes(_folder.Combine("data", "index.json")), "index.json"), "12 samples in 1 shard", "image");
    }

    [Fact]
    public void BatchAndLoader_Formatted_AreOurHtml()
    {
        using var dataset = Open();
        using var loader = new BatchLoader(dataset, new ColumnSet(new ScalarColumn("id"), new ImageColumn("image", ImageTransform.CenterCrop(16))));
        using var epoch = loader.GetEnumerator();
        Assert.True(epoch.MoveNext());

        Check(epoch.Current, "Batch of 10 samples, epoch 0", "10&#215;3&#215;16&#215;16", "data:image/png;base64,");
        Check(loader, "Loader of 2 batches", "3&#215;16&#215;16");
        Check(loader.Statistics, "samples in 1 batch", "Loop waited");
        Check(loader.Statistics.Cache, "found the shard there", "Evicted");
        Check(loader.StateDict(), "State: epoch 0, 10 samples", "of 12 samples in 1 shard", "Shuffle seed", "9176");
    }

    [Fact]
    public void State_OfUpstream_SaysWhatIsNotKnown()
        => Check(
            LoaderState.Parse("""{"epoch": 3, "sample_in_epoch": 70, "num_canonical_nodes": 2, "shuffle_seed": 5, "initial_physical_nodes": null}"""),
            "State: epoch 3, 70 samples",
            "not known");

    [Fact]
    public async Task RecordsAndTars_Formatted_AreReadByNobody()
    {
        await using var dataset = await StreamingDataset.OpenAsync(_folder.Combine("records"));
        await using var tars = await TarStream.OpenAsync(_folder.Combine("tars"));

        Check(
            new RecordSchema<string>(static sample => sample.Get<string>("text")).Column("text", "str", static text => text).Read(dataset),
            "20 samples read as String: text str");
        Check(tars, "2 tars of", "read from front to back", "Ranks");
        Assert.Equal(0, dataset.CacheStatistics.Misses + dataset.CacheStatistics.Hits);

        await using var samples = tars.ReadEpochAsync().GetAsyncEnumerator();
        Assert.True(await samples.MoveNextAsync());
        using var sample = samples.Current;
        Check(sample, "Sample &#39;set/00000&#39;");
    }

    [Fact]
    public async Task LegacyDataset_Formatted_ShowsItsFields()
    {
        using (var writer = new StreamingDatasetWriter(_folder.Combine("legacy"), ["x"]))
        {
            writer.WriteSample(new Dictionary<string, byte[]> { ["x"] = [1, 2] });
            writer.Finish();
        }

        await using var dataset = await LegacyStreamingDataset.OpenAsync(new LegacyStreamingDatasetOptions { Local = _folder.Combine("legacy") });

        Check(dataset, "1 sample in 1 shard, Composer&#39;s legacy format", _folder.Combine("legacy"), "x");
    }

    [Fact]
    public async Task AIStoreReaders_Formatted_AskTheClusterNothing()
    {
        await using var cluster = await AIStoreServer.StartAsync();
        cluster.Contents.Put("images", "train/0.bin", [1, 2, 3]);
        var bucket = new Storage.AISClient(cluster.Endpoint.ToString()).Bucket("images");

        using var iterable = new AISIterDataset(new() { Sources = [bucket], PrefixMap = new() { { bucket, "train/" } }, Shuffle = true });
        using var multi = new AISMultiShardStream([new DataShard(bucket, "train/")]);
        Check(iterable, "AISIterDataset, whose samples were not counted yet", "ais://images", "train/", "yes, seed 9176");
        Check(multi, "Members of 1 source side");
        Assert.Empty(cluster.Requests);
        using var map = new AISMapDataset(new() { Sources = [bucket] });
        Check(map, "AISMapDataset: 1 object,", "train/0.bin");
        Check(new DynamicBatchSampler(map.Objects, 1024), "Batches of up to 1 KiB");
    }

    [Fact]
    public void TensorDatasetAndBatch_Formatted_AreOurHtml()
    {
        using var dataset = new StreamingMapDataset(Open(), new ColumnSet(new ScalarColumn("id")));
        Check(dataset, "StreamingMapDataset: 12 samples");
        using var loader = new StreamingDataLoader(dataset);
        Check(loader, "Loader of 2 batches");
        foreach (var batch in loader)
        {
            Check(batch, "samples, epoch 0", "Int64 on cpu");
        }
    }

    /// <summary>Without a view, a notebook would go through whatever can be enumerated, and call every property: downloads, leases, listings.</summary>
    [Fact]
    public void PublicTypes_ThatWorkWhenTheyAreLookedAt_HaveViews()
    {
        NotebookFormatters.Register();
        string[] endings = ["Dataset", "Loader", "Batch", "Selection", "Stream", "Statistics", "Sampler"];

        // Settings, a stream opened alone for tools, and plain facts.
        string[] plain = ["DataStream", "OpenedStream", "CachedStream", "ExtraFileStatistics"];
        var registered = Formatter.RegisteredFormatters(includeDefaults: false).Select(static formatter => formatter.Type).ToHashSet();
        var types = typeof(StreamingDataset).Assembly.GetExportedTypes().Concat(typeof(StreamingDataLoader).Assembly.GetExportedTypes());
        var without = types.Where(static type => !type.IsInterface && !type.IsAbstract)
            .Where(type => endings.Any(ending => type.Name.Split('`')[0].EndsWith(ending, StringComparison.Ordinal))
                || (typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments() is [var lent] && typeof(IDisposable).IsAssignableFrom(lent)))
            .Where(type => !plain.Contains(type.Name))
            .Where(type => !BasesOf(type).Any(registered.Contains))
            .Select(static type => type.Name);

        Assert.Empty(without);
    }

    private static IEnumerable<Type> BasesOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

    private StreamingDataset Open() => StreamingDataset.Open(_folder.Combine("data"), new() { BatchSize = 10 });

    /// <summary>Checks that a value shows as HTML of ours, and as plain text with its own words.</summary>
    private static void Check(object value, params string[] shown)
    {
        var html = NotebookOutput.Of(value).Html;

        Assert.All(shown, text => Assert.Contains(text, html, StringComparison.Ordinal));
        Assert.DoesNotContain("dni-", html, StringComparison.Ordinal);
        Assert.Equal(value.ToString(), value.ToDisplayString(PlainTextFormatter.MimeType));
    }
}
