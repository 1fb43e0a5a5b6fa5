// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests;

public sealed class LegacyStreamingDatasetTests : IAsyncLifetime
{
    private const int Samples = 31;

    private static readonly ColumnSet Uid = new(new ScalarColumn("uid"));

    private readonly TemporaryDirectory _directory = new();
    private ScriptedHttpServer _server = null!;

    private string Source => _directory.Combine("source");

    private string Local => _directory.Combine("local");

    private LegacyStreamingDatasetOptions Options => new()
    {
        Remote = _server.Address.ToString(),
        Local = Local,
        World = World.Single,
        Encodings = ImmutableDictionary<string, string>.Empty.Add("uid", "str_int"),
        TimeProvider = new PassingTimeProvider { PassAtOnce = TimeSpan.FromSeconds(45) },
    };

    public async Task InitializeAsync()
    {
        LegacyDataset.Write(Source, Samples, shardSizeLimit: 64, compression: "gz");
        _server = await ScriptedHttpServer.StartAsync();
        LegacyDataset.Serve(_server, Source);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Open_ReadsTheIndexAndNoShard()
    {
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options);

        Assert.Equal(Samples, dataset.Size);
        Assert.Equal(Samples, dataset.Count);
        Assert.Equal(0, dataset.CacheStatistics.DownloadedFiles);
        Assert.DoesNotContain(Directory.GetFiles(Local), static file => Path.GetFileName(file).StartsWith("0000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetItem_WithDecoders_GivesTheirFieldsInTheirOrder()
    {
        var decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, object?>>
        {
            ["data"] = static bytes => BinaryPrimitives.ReadInt32BigEndian(bytes) / 3,
            ["uid"] = LegacyDecoders.Text,
        };
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options with { Decoders = decoders });

        var item = await dataset.GetItemAsync(17);

        Assert.Equal(["data", "uid"], item.Keys);
        Assert.Equal([17, "000017"], item.Values);
        Assert.Equal("000030", dataset[-1]["uid"]);
        Assert.Equal("000000", dataset[-Samples]["uid"]);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await dataset.GetItemAsync(Samples));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await dataset.GetItemAsync(-Samples - 1));
    }

    [Fact]
    public async Task GetItem_DecoderThatFails_NamesShardSampleAndField()
    {
        var decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, object?>> { ["data"] = static _ => throw new FormatException("no such number") };
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options with { Decoders = decoders });

        var error = await Assert.ThrowsAsync<SampleDecodeException>(async () => await dataset.GetItemAsync(5));

        Assert.Equal((5, 1, "data"), ((int)error.SampleId, (int)error.Location.Sample!, error.Location.Column));
        Assert.EndsWith("000002.mds", error.Location.File, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException!.InnerException);
    }

    [Fact]
    public async Task Open_DecoderOfAnUnknownField_FailsAtOnce() => await Assert.ThrowsAsync<ArgumentException>(
        async () => await LegacyStreamingDataset.OpenAsync(
            Options with { Decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, object?>> { ["x"] = LegacyDecoders.Bytes } }));

    [Theory]
    [InlineData("x", "int64")]
    [InlineData("uid", "int65")]
    public async Task Open_UnknownFieldOrEncoding_FailsAtOnce(string field, string encoding) => await Assert.ThrowsAsync<ArgumentException>(
        async () => await LegacyStreamingDataset.OpenAsync(
            Options with { Encodings = ImmutableDictionary<string, string>.Empty.Add(field, encoding) }));

    [Fact]
    public async Task ReadEpoch_NotShuffled_GivesEverySampleInOrderEveryTime()
    {
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            Assert.Equal(
                Enumerable.Range(0, Samples).Select(LegacyDataset.Uid), dataset.ReadEpoch().Select(static item => (byte[])item["uid"]!));
        }

        Assert.Equal(dataset.Index.Shards.Length, dataset.CacheStatistics.DownloadedFiles);
    }

    [Fact]
    public async Task ReadEpoch_Shuffled_GivesEverySampleOnceInAnotherOrderEachEpoch()
    {
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options with
        {
            Shuffle = true,
            Decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, object?>> { ["data"] = static bytes => BinaryPrimitives.ReadInt32BigEndian(bytes) / 3 },
        });
        var epochs = Enumerable.Range(0, 3).Select(_ => dataset.ReadEpoch().Select(static item => (int)item["data"]!).ToArray()).ToArray();

        Assert.All(epochs, static epoch => Assert.Equal(Enumerable.Range(0, Samples), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
    }

    // In Composer the second iterator of a thread waits for the first one's lock, indefinitely.
    [Fact]
    public async Task ReadEpoch_TwoAtATimeAndOneLeft_DoNotDisturbEachOther()
    {
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options);
        using var first = dataset.ReadEpoch().GetEnumerator();
        Assert.True(first.MoveNext());

        Assert.Equal(Samples, dataset.ReadEpoch().Count());
        Assert.Equal(2, dataset.ReadEpoch().Take(2).Count());
        Assert.True(first.MoveNext());
        Assert.Equal(LegacyDataset.Uid(1), first.Current["uid"]);
    }

    // Composer may end the epoch early and say nothing.
    [Fact]
    public async Task Epoch_ShardThatDoesNotExist_FailsEveryTime()
    {
        _server.Remove("000007.mds.gz");
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options);
        using var loader = new BatchLoader(dataset, Uid, new BatchLoaderOptions { BatchSize = 4, NumWorkers = 2 });
        for (var epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(StorageErrorKind.NotFound, Assert.Throws<StorageException>(() => dataset.ReadEpoch().Count()).Kind);
            Assert.ThrowsAny<TorchStreamingException>(() => loader.Count());
        }

        Assert.Equal(StorageErrorKind.NotFound, (await Assert.ThrowsAsync<StorageException>(() => dataset.DownloadAsync())).Kind);
    }

    [Fact]
    public async Task Epoch_FaultsOnTheWay_DeliversWhatAQuietOneDoes()
    {
        var options = Options with { Shuffle = true, BatchSize = 4 };
        var quiet = await ReadAsync(options, workers: 3, state: null, int.MaxValue);
        _server.Script("compression.txt", new HttpFault.Status(503));
        _server.Script("index.mds.gz", new HttpFault.BreakAfter(20));
        _server.Script("000002.mds.gz", new HttpFault.FlipByte(40));
        _server.Script("000005.mds.gz", new HttpFault.BreakAfter(30), new HttpFault.Reset());
        _server.Script("000009.mds.gz", new HttpFault.Status(500), new HttpFault.FlipByte(45));

        var disturbed = await ReadAsync(options with { Local = _directory.Combine("disturbed") }, workers: 3, state: null, int.MaxValue);

        Assert.Equal(quiet.Batches, disturbed.Batches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Download_FailsOnTheWay_IsTriedAsOftenAsAsked(int maxRetries)
    {
        _server.Script("000003.mds.gz", new HttpFault.Status(503), new HttpFault.Status(503));
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options with { MaxRetries = maxRetries });

        var error = await Record.ExceptionAsync(() => dataset.DownloadAsync());

        Assert.Equal(maxRetries == 0, error is StorageException);
        Assert.Equal(maxRetries == 2, error is null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Epoch_NoSamples_IsEmpty(int workers)
    {
        LegacyDataset.Write(_directory.Combine("empty"), 0);
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options with
        {
            Remote = _directory.Combine("empty"),
            Encodings = ImmutableDictionary<string, string>.Empty,
        });
        using var loader = new BatchLoader(dataset, Uid, new BatchLoaderOptions { BatchSize = 4, NumWorkers = workers });

        Assert.Equal((0, 0), (dataset.Count, dataset.Size));
        Assert.Empty(dataset.ReadEpoch());
        Assert.Empty(loader);
    }

    // Composer hangs.
    [Theory]
    [InlineData(2, null, 3)]
    [InlineData(4, 2, 3)]
    public async Task Epoch_MoreWorkersThanSamplesOrBatches_GivesAllAndEnds(int samples, int? batchSize, int workers)
    {
        LegacyDataset.Write(_directory.Combine("few"), samples);
        await using var dataset = await LegacyStreamingDataset.OpenAsync(
            Options with { Remote = _directory.Combine("few"), BatchSize = batchSize });
        using var loader = new BatchLoader(dataset, Uid, new BatchLoaderOptions { BatchSize = 2, NumWorkers = workers });

        Assert.Equal(Enumerable.Range(0, samples), ReadIds(loader).SelectMany(static batch => batch).Order().Select(static id => (int)id));
    }

    [Theory]
    [InlineData(false, 0, 1)]
    [InlineData(true, 0, 1)]
    [InlineData(true, 3, 1)]
    [InlineData(true, 2, 2)]
    public async Task StateDict_AfterAnyBatch_ContinuesTheEpochInANewDataSet(bool shuffle, int workers, int ranks)
    {
        var options = Options with { Shuffle = shuffle, BatchSize = 3, World = new World(1, ranks, ranks - 1) };
        var whole = await ReadAsync(options, workers, state: null, batches: int.MaxValue);
        for (var batches = 1; batches <= whole.Batches.Count; batches += 2)
        {
            var (first, state) = await ReadAsync(options, workers, state: null, batches);
            var (rest, _) = await ReadAsync(options, workers, LoaderState.Parse(state.ToJson()), int.MaxValue);

            Assert.Equal(whole.Batches, first.Concat(rest));
        }
    }

    [Fact]
    public async Task LoadStateDict_AtTheEndOfAnEpoch_GoesOnWithTheNextWhateverTheSeed()
    {
        var options = Options with { Shuffle = true, BatchSize = 3 };
        await using var dataset = await LegacyStreamingDataset.OpenAsync(options with { ShuffleSeed = 5 });
        using var loader = new BatchLoader(dataset, Uid);
        _ = ReadIds(loader);
        var state = loader.StateDict();
        var second = ReadIds(loader);

        await using var resumed = await LegacyStreamingDataset.OpenAsync(options);
        using var other = new BatchLoader(resumed, Uid);
        other.LoadStateDict(state);
        Assert.Empty(ReadIds(other));
        Assert.Equal(second, ReadIds(other));
    }

    [Fact]
    public async Task LoadStateDict_OfAnotherWorldWorkersOrData_IsRefusedWithinAnEpoch()
    {
        var options = Options with { BatchSize = 3 };
        var (_, state) = await ReadAsync(options, workers: 2, state: null, batches: 2);
        LegacyDataset.Write(_directory.Combine("other"), Samples + 1);

        await Assert.ThrowsAsync<ResumeException>(() => ReadAsync(options, workers: 1, state, 1));
        await Assert.ThrowsAsync<ResumeException>(() => ReadAsync(options with { World = new World(1, 2, 0) }, workers: 2, state, 1));
        await Assert.ThrowsAsync<ResumeException>(() => ReadAsync(
            options with { Remote = _directory.Combine("other"), Local = _directory.Combine("other-local") }, workers: 2, state, 1));
        await Assert.ThrowsAsync<ResumeException>(() => ReadAsync(options, workers: 2, state with { Epoch = -1 }, 1));
        await Assert.ThrowsAsync<ResumeException>(() => ReadAsync(options, workers: 2, state with { Fingerprint = null }, 1));
        Assert.NotEmpty((await ReadAsync(options, workers: 1, state with { SampleInEpoch = 0 }, 1)).Batches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/../source")]
    public async Task Open_CompressedDataInPlace_IsRefusedAndLeftAlone(string suffix)
    {
        var before = Directory.GetFiles(Source).Order(StringComparer.Ordinal).ToArray();

        var error = await Assert.ThrowsAsync<CacheException>(async () => await LegacyStreamingDataset.OpenAsync(
            Options with { Remote = Source, Local = Source + suffix }));

        Assert.Contains("compressed", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(Source).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Open_CacheOfACompressedDataSet_IsAPlainDataSetByItself()
    {
        await using (var dataset = await LegacyStreamingDataset.OpenAsync(Options))
        {
            await dataset.DownloadAsync();
        }

        await using var alone = await LegacyStreamingDataset.OpenAsync(Options with { Remote = null });
        Assert.Equal(Samples, alone.ReadEpoch().Count());
    }

    [Fact]
    public async Task Epoch_RemoteGoneAfterTheFirst_ReadsTheCache()
    {
        await using (var dataset = await LegacyStreamingDataset.OpenAsync(Options))
        {
            await dataset.DownloadAsync();
        }

        foreach (var file in Directory.GetFiles(Source))
        {
            _server.Remove(Path.GetFileName(file));
        }

        await using var again = await LegacyStreamingDataset.OpenAsync(Options);
        Assert.Equal(Samples, again.ReadEpoch().Count());
    }

    [Fact]
    public async Task Epoch_WithACacheLimit_DeliversAllAndHoldsIt()
    {
        await using var dataset = await LegacyStreamingDataset.OpenAsync(Options with { CacheLimit = new ByteSize(20_000), Predownload = 4 });
        using var loader = new BatchLoader(dataset, Uid, new BatchLoaderOptions { BatchSize = 4, NumWorkers = 2 });

        Assert.Equal(Samples, ReadIds(loader).Sum(static batch => batch.Length));
        Assert.Equal(Samples, dataset.ReadEpoch().Count());
        Assert.True(dataset.CacheStatistics.Evictions > 0);
        Assert.InRange(dataset.CacheStatistics.ResidentBytes, 1, 20_000);
    }

    [Fact]
    public async Task StreamingDataset_MixesItWithMds()
    {
        await using (var writer = await MdsWriter.CreateAsync(
            _directory.Combine("mds"), new Dictionary<string, string> { ["uid"] = "str_int", ["data"] = "bytes" }))
        {
            for (var i = 0; i < 10; i++)
            {
                await writer.WriteAsync(new Dictionary<string, object?> { ["uid"] = (long)(1000 + i), ["data"] = LegacyDataset.Data(i) });
            }

            await writer.CompleteAsync();
        }

        DataStream[] streams =
        [
            new() { Remote = Options.Remote, Local = Local, LegacyEncodings = Options.Encodings },
            new() { Remote = _directory.Combine("mds") },
        ];
        using var dataset = StreamingDataset.Open(streams, new StreamingDatasetOptions { Shuffle = true, BatchSize = 5, World = World.Single });
        using var loader = new BatchLoader(dataset, Uid);

        Assert.Equal(
            Enumerable.Range(0, Samples).Concat(Enumerable.Range(1000, 10)).Select(static id => (long)id),
            ReadUids(loader).Order());
        using var sample = dataset[3];
        Assert.Equal(3, sample.Get<BigInteger>("uid"));
    }

    [Fact]
    public async Task StreamingDataset_EncodingsForMds_AreRefused()
    {
        await SmallDataset.WriteAsync(_directory.Combine("mds"), 3);

        Assert.Throws<ArgumentException>(() => StreamingDataset.Open(
            [new DataStream { Remote = _directory.Combine("mds"), LegacyEncodings = ImmutableDictionary<string, string>.Empty.Add("id", "int") }]));
    }

    [Fact]
    public async Task OpenedStream_IndexBytes_AreThoseOfTheLocalIndex()
    {
        await using var stream = await new DataStream { Remote = Options.Remote, Local = Local }.OpenAsync();

        Assert.Equal(new FileInfo(Path.Combine(Local, "index.mds")).Length, stream.IndexBytes);
    }

    private static async Task<(List<long[]> Batches, LoaderState State)> ReadAsync(
        LegacyStreamingDatasetOptions options, int workers, LoaderState? state, int batches)
    {
        await using var dataset = await LegacyStreamingDataset.OpenAsync(options);
        using var loader = new BatchLoader(dataset, Uid, new BatchLoaderOptions { NumWorkers = workers });
        if (state is not null)
        {
            loader.LoadStateDict(state);
        }

        var read = new List<long[]>();
        foreach (var batch in loader)
        {
            read.Add(batch.SampleIds.ToArray());
            if (read.Count == batches)
            {
                return (read, loader.StateDict());
            }
        }

        return (read, loader.StateDict());
    }

    private static List<long[]> ReadIds(BatchLoader loader) => [.. loader.Select(static batch => batch.SampleIds.ToArray())];

    private static List<long> ReadUids(BatchLoader loader)
    {
        var uids = new List<long>();
        foreach (var batch in loader)
        {
            uids.AddRange(batch.GetValues<long>("uid"));
        }

        return uids;
    }
}
