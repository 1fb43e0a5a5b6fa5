// SPDX-License-Identifier: MIT

using System.Text;
using TorchSharp;
using TorchStreaming.Imaging;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets;

/// <summary>AIStore's classes as datasets of TorchSharp.</summary>
public sealed class AISDatasetTests : IAsyncLifetime, IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private AIStoreServer _server = null!;
    private AISClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await AIStoreServer.StartAsync();
        _client = new AISClient(null, _server.ClientOptions);
        _server.Contents.CreateBucket(AISBucketName.Create("data"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _scope.Dispose();

    private AISBucket Bucket => _client.Bucket("data");

    [Fact]
    public void MapDataset_Objects_AreReadByNumber()
    {
        Put("b", "B2");
        Put("a", "A");
        using var dataset = new AISMapDataset(new() { Sources = [Bucket] });

        Assert.Equal(2, dataset.Count);
        Assert.Equal(["a", "b"], dataset.Objects.Select(static item => item.Name));
        Assert.Equal(("b", "B2"), (dataset[1].Name, Text(dataset[1].Content)));
        Assert.Equal(["b", "a"], dataset.GetItems([1, 0]).Select(static item => item.Name));
        Assert.Equal("B2"u8.ToArray(), dataset.GetTensor(1)[AISMapDataset.Data].data<byte>().ToArray());
        foreach (var index in (long[])[-1, 2])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => dataset[index]);
            Assert.Contains("<AISMapDataset> index must be in bounds of dataset", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void MapDataset_NoSource_NamesTheClass()
    {
        var error = Assert.Throws<ArgumentException>(() => new AISMapDataset(new() { Sources = [] }));

        Assert.Contains("<AISMapDataset> aisSourceList must be provided", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MapDataset_ListedOnce_SeesDeletionsAsErrors()
    {
        Put("a", "A");
        using var dataset = new AISMapDataset(new() { Sources = [Bucket] });
        _server.Contents.Remove(Bucket.Identity, "a");

        Assert.Equal(1, dataset.Count);
        Assert.Equal(StorageErrorKind.NotFound, Assert.Throws<StorageException>(() => dataset[0]).Kind);
    }

    [Fact]
    public void MapDataset_Transform_FailsAtTheFirstReadIfThereIsNone()
    {
        Put("a", "a");
        _server.Transforms!["upper"] = static (bytes, _) => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(bytes).ToUpperInvariant());
        using var dataset = new AISMapDataset(new() { Sources = [Bucket], EtlName = "upper" });
        using var wrong = new AISMapDataset(new() { Sources = [Bucket], EtlName = "none" });

        Assert.Equal("A", Text(dataset[0].Content));
        Assert.Throws<StorageException>(() => wrong[0]);
    }

    [Fact]
    public void MapDataset_PrefixMapAndLoader_GiveBatches()
    {
        for (var i = 0; i < 6; i++)
        {
            Put($"train/{i}.cls", $"{i}\n");
        }

        Put("val/9.cls", "9");
        var decoders = new AISDecoders { { ".cls", AISDecoders.Integer } };
        using var dataset = new AISMapDataset(new() { Sources = [Bucket], PrefixMap = new() { { Bucket, "train/" } }, Decoders = decoders });
        using var loader = torch.utils.data.DataLoader(dataset, batchSize: 4);

        var batches = new List<long[]>();
        foreach (var batch in loader)
        {
            batches.Add([.. batch["data"].data<long>()]);
        }

        Assert.Equal([[0, 1, 2, 3], [4, 5]], batches);
    }

    [Fact]
    public void DynamicBatchSampler_OverAMapDataset_TakesSizesFromItsListing()
    {
        for (var i = 0; i < 10; i++)
        {
            _server.Contents.Put("data", $"{i}", new byte[1000]);
        }

        using var dataset = new AISMapDataset(new() { Sources = [Bucket] });

        Assert.Equal([3, 3, 3, 1], new DynamicBatchSampler(dataset.Objects, 3000).Select(static batch => batch.Count));
        Assert.Equal(3, dataset.GetItems(new DynamicBatchSampler(dataset.Objects, 3000).First()).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IterDataset_TwoEpochs_GiveTheSame(bool batched)
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            Put(name, name);
        }

        using AISBaseIterDataset dataset = batched ? new AISBatchIterDataset(new() { Sources = [Bucket], MaxBatchSize = 2 }) : new AISIterDataset(new() { Sources = [Bucket] });
        IEnumerable<string> Read() => (dataset is AISIterDataset one ? one.ReadEpoch() : ((AISBatchIterDataset)dataset).ReadEpoch())
            .Select(static item => $"{item.Name}={Text(item.Content)}");

        Assert.Equal(["a=a", "b=b", "c=c"], Read());
        Assert.Equal(["a=a", "b=b", "c=c"], Read());
        Assert.Equal(3, dataset.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void IterDataset_StockLoader_GivesEachSampleOnceAnEpoch(int workers)
    {
        for (var i = 0; i < 20; i++)
        {
            Put($"{i:d2}.cls", $"{i}");
        }

        using var dataset = new AISIterDataset(new() { Sources = [Bucket], Decoders = new() { { "cls", AISDecoders.Integer } } });
        using var loader = torch.utils.data.DataLoader(dataset, batchSize: 8, num_worker: workers, disposeDataset: false);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var seen = new List<long>();
            foreach (var batch in loader)
            {
                seen.AddRange(batch[0].data<long>());
            }

            Assert.Equal(Enumerable.Range(0, 20).Select(static i => (long)i), seen);
        }
    }

    [Fact]
    public void IterDataset_GetTensorOutOfOrder_GivesWhatBelongsThere()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            Put(name, name);
        }

        using var dataset = new AISIterDataset(new() { Sources = [Bucket] });
        string Read(long index) => Encoding.ASCII.GetString([.. dataset.GetTensor(index)[0].data<byte>()]);

        Assert.Equal(["c", "a", "b", "d", "d", "a"], ((long[])[2, 0, 1, 3, 3, 0]).Select(Read));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(-1));
    }

    [Fact]
    public void IterDataset_StateInTheMiddle_GoesOn()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            Put(name, name);
        }

        using var dataset = new AISIterDataset(new() { Sources = [Bucket], Shuffle = true });
        using var whole = new AISIterDataset(new() { Sources = [Bucket], Shuffle = true });
        var seen = dataset.ReadEpoch().Take(2).Select(static item => item.Name).ToList();
        using var resumed = new AISIterDataset(new() { Sources = [Bucket], Shuffle = true });
        resumed.LoadStateDict(dataset.StateDict());

        Assert.Equal(whole.ReadEpoch().Select(static item => item.Name), seen.Concat(resumed.ReadEpoch().Select(static item => item.Name)));
    }

    [Fact]
    public void ShardReader_Samples_AreFieldsOrTensors()
    {
        _server.Contents.Put("data", "s.tar", AIStoreArchives.Tar(
            ("1.cls", "7"u8.ToArray()), ("1.txt", "one"u8.ToArray()), ("2.cls", "8"u8.ToArray())));
        using var reader = new AISShardReader(new() { Sources = [Bucket], Fields = ["cls", "txt"], Decoders = new() { { "cls", AISDecoders.Integer } } });

        Assert.Equal(["1: cls txt", "2: cls txt"], reader.ReadEpoch().Select(static sample => $"{sample.Key}: {string.Join(' ', sample.Fields.Keys)}"));
        Assert.Equal(2, reader.Count);
        Assert.Equal(8, reader.GetTensor(1)[0].item<long>());
        Assert.Equal(0, reader.GetTensor(1)[1].numel());
        Assert.Equal("one"u8.ToArray(), reader.GetTensor(0)[1].data<byte>().ToArray());
    }

    [Theory]
    [InlineData(TarKeyRule.AIStore)]
    [InlineData(TarKeyRule.WebDataset)]
    public async Task ShardReader_TarsThatAreAlsoTarStreams_GivesTheSameSamples(TarKeyRule rule)
    {
        for (var tar = 0; tar < 3; tar++)
        {
            _server.Contents.Put("data", $"train-{tar}.tar", SmallTars.Make(7 * tar, 7));
        }

        var stores = new ObjectStoreResolver().AddAIStore(_server.ClientOptions);
        var tars = new TarOptions { KeyRule = rule };
        var text = rule == TarKeyRule.AIStore ? "TXT" : "txt";
        using var folder = new TemporaryDirectory();
        using var reader = new AISShardReader(new() { Sources = [Bucket], KeyRule = rule });
        await using var sequential = await TarStream.OpenAsync(
            "ais://data", new() { Tars = tars, World = World.Single, Stores = stores });
        await using var indexed = await StreamingDataset.OpenAsync(
            [new DataStream { Remote = "ais://data/train-{0..2}.tar", Local = folder.Path, Tars = tars }],
            new() { World = World.Single, Stores = stores });

        var expected = reader.ReadEpoch().Select(sample => (sample.Key, Text(sample.Fields["id"]), Text(sample.Fields[text]))).ToList();
        var inOrder = new List<(string, string, string)>();
        await foreach (var sample in sequential.ReadEpochAsync())
        {
            inOrder.Add((sample.Key, Text(sample["id"]), Text(sample[text])));
            sample.Dispose();
        }

        Assert.Equal(21, expected.Count);
        Assert.Equal(expected, inOrder);
        for (var i = 0; i < expected.Count; i++)
        {
            using var sample = indexed[i];
            var found = (sample.Get<string>("__key__"), Encoding.UTF8.GetString(sample.Bytes("id")), Encoding.UTF8.GetString(sample.Bytes(text)));
            Assert.Equal(expected[i], found);
        }
    }

    [Fact]
    public void ShardReader_TensorsWithoutFields_SaysWhatIsMissing()
    {
        _server.Contents.Put("data", "s.tar", AIStoreArchives.Tar(("1.cls", [1])));
        using var reader = new AISShardReader(new() { Sources = [Bucket] });
        using var transformed = new AISShardReader(new() { Sources = [Bucket], EtlName = "x" });

        Assert.Throws<InvalidOperationException>(() => reader.GetTensor(0));
        Assert.Throws<NotSupportedException>(() => transformed.Count);
    }

    [Fact]
    public void ShardReader_BytesThatCannotBeDecoded_NameTheSample()
    {
        _server.Contents.Put("data", "s.tar", AIStoreArchives.Tar(("1.cls", "x"u8.ToArray())));
        using var reader = new AISShardReader(new() { Sources = [Bucket], Fields = ["cls"], Decoders = new() { { "cls", AISDecoders.Integer } } });

        var error = Assert.Throws<SampleDecodeException>(() => reader.GetTensor(0));

        Assert.Equal(0, error.SampleId);
    }

    [Fact]
    public void MultiShardStream_Sources_AreReadSideBySide()
    {
        _server.Contents.Put("data", "l.tar", AIStoreArchives.Tar(("1", "1"u8.ToArray()), ("2", "2"u8.ToArray())));
        _server.Contents.Put("images", "i.tar", AIStoreArchives.Tar(("1", "a"u8.ToArray()), ("2", "b"u8.ToArray()), ("3", "c"u8.ToArray())));
        DataShard[] sources = [new(_client.Bucket("images")), new(_server.Endpoint.AbsoluteUri, "data")];
        using var stream = new AISMultiShardStream(sources, decoders: [AISDecoders.Bytes, AISDecoders.Integer]);

        Assert.Equal(["a1", "b2"], stream.ReadEpoch().Select(static step => Text(step[0]) + Text(step[1])));
        Assert.Equal(2, stream.Count);
        Assert.Equal(2, stream.GetTensor(1)[1].item<long>());
        Assert.Throws<ArgumentException>(() => new AISMultiShardStream(sources, decoders: [AISDecoders.Bytes]));
    }

    [Fact]
    public void Decoders_Image_GivesPlanes()
    {
        var image = AISDecoders.Image(Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DA8J8BAAf/Af8Bf4mnAAAAAElFTkSuQmCC"));

        Assert.Equal([3, 1, 2], image.shape);
        Assert.Equal([255, 0, 0, 255, 0, 0], image.data<byte>().ToArray());
    }

    [Fact]
    public void DerivedClass_OwnSamples_AreReadFromTheObjects()
    {
        Put("a", "12345");
        using var dataset = new SizesDataset(Bucket);

        Assert.Equal(5, dataset.GetTensor(0)["size"].item<long>());
    }

    private void Put(string name, string text) => _server.Contents.Put("data", name, Encoding.UTF8.GetBytes(text));

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class SizesDataset(AISSource source) : AISBaseMapDataset([source])
    {
        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["size"] = tensor(ObjectAt(index).Size) };
    }
}
