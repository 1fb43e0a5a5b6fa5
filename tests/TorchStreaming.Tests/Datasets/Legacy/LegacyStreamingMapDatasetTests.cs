// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Legacy;

public sealed class LegacyStreamingMapDatasetTests : IDisposable
{
    private static readonly Dictionary<string, Func<ReadOnlySpan<byte>, Tensor>> Decoders = new()
    {
        ["uid"] = static bytes => tensor(long.Parse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture)),
        ["data"] = static bytes => tensor(bytes.ToArray(), dtype: ScalarType.Byte),
    };

    private readonly TemporaryDirectory _directory = new();

    private string Remote => _directory.Combine("remote");

    private string Local => _directory.Combine("local");

    public void Dispose() => _directory.Dispose();

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Loader_EveryRecordedLoader_GivesTheRecordedBatchesOfTensors()
    {
        using var document = GoldenData.ReadJson("composer-legacy", "dataloader.json");
        var cases = document.RootElement.EnumerateArray().ToArray();
        for (var i = 0; i < cases.Length; i++)
        {
            var remote = _directory.Combine("remotes", $"{i}");
            LegacyDataset.Write(
                remote, cases[i].GetProperty("num_samples").GetInt32(), cases[i].GetProperty("shard_size_limit").GetInt64(), "gz");
            var dataset = new LegacyStreamingMapDataset(new()
            {
                Remote = remote,
                Local = _directory.Combine("locals", $"{i}"),
                TensorDecoders = Decoders,
                BatchSize = cases[i].GetProperty("batch_size_hint") is { ValueKind: JsonValueKind.Number } hint ? hint.GetInt32() : null,
                World = World.Single,
            });
            using var loader = new StreamingDataLoader(
                dataset,
                cases[i].GetProperty("batch_size").GetInt32(),
                cases[i].GetProperty("num_workers").GetInt32(),
                dropLast: cases[i].GetProperty("drop_last").GetBoolean());

            Assert.Equal(cases[i].GetProperty("dataset_len").GetInt64(), dataset.Count);
            Assert.Equal(cases[i].GetProperty("dataloader_len").GetInt64(), loader.Count);
            foreach (var epoch in cases[i].GetProperty("epochs").EnumerateArray())
            {
                var expected = epoch.EnumerateArray().Select(static batch => batch.EnumerateArray().Select(static id => id.GetInt64()).ToArray());
                Assert.Equal(expected, ReadUids(loader).ToArray());
            }
        }

        GoldenData.AssertCount(19, cases.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Loader_OverHttp_GivesTheSameByDecodersAndByColumnsAndByAStockLoader(int workers)
    {
        LegacyDataset.Write(Remote, 31, shardSizeLimit: 100, compression: "gz");
        await using var server = await ScriptedHttpServer.StartAsync();
        LegacyDataset.Serve(server, Remote);
        var options = new LegacyStreamingDatasetOptions
        {
            Remote = server.Address.ToString(),
            Local = Local,
            Shuffle = true,
            BatchSize = 4,
            Encodings = ImmutableDictionary<string, string>.Empty.Add("uid", "str_int"),
            World = World.Single,
        };
        using var byDecoders = new StreamingDataLoader(
            new LegacyStreamingMapDataset(LegacyStreamingDataset.Open(options), Decoders), numWorkers: workers);
        using var byColumns = new StreamingDataLoader(
            new LegacyStreamingMapDataset(
                LegacyStreamingDataset.Open(options), new ColumnSet(new ScalarColumn("uid"), new BytesColumn("data", ColumnLayout.Dense, 4))),
            numWorkers: workers);
        var dataset = new LegacyStreamingMapDataset(LegacyStreamingDataset.Open(options), Decoders);
        using var stock = utils.data.DataLoader(dataset, 4, dataset.CreateSampler(numWorkers: workers));
        var seen = new HashSet<string>();
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var expected = byDecoders.Select(static batch => Describe(batch)).ToArray();

            Assert.Equal(expected, byColumns.Select(static batch => Describe(batch)).ToArray());
            Assert.Equal(
                expected.SelectMany(static batch => batch.Split(' ')), stock.SelectMany(static batch => Describe(batch).Split(' ')));
            Assert.True(seen.Add(string.Concat(expected)), "Two epochs have one order.");
        }
    }

    [Fact]
    public void Loader_MidEpoch_ResumesFromItsState()
    {
        LegacyDataset.Write(Remote, 31, compression: "gz");
        string state;
        long[][] expected;
        using (var loader = Open())
        {
            expected = [.. ReadUids(loader)];
        }

        using (var loader = Open())
        {
            Assert.Equal(expected.Take(3), ReadUids(loader).Take(3));
            state = loader.StateDict().ToJson();
        }

        using var resumed = Open();
        resumed.LoadStateDict(state);
        Assert.Equal(expected.Skip(3), ReadUids(resumed));
        Assert.Equal(expected.Length, ReadUids(resumed).Count());

        StreamingDataLoader Open() => new(
            new LegacyStreamingMapDataset(new()
            {
                Remote = Remote, Local = Local, Shuffle = true, TensorDecoders = Decoders, BatchSize = 4, World = World.Single,
            }),
            numWorkers: 2);
    }

    [Fact]
    public void GetTensor_AnySample_HasNoBatchDimensionAndTheDecodersNames()
    {
        LegacyDataset.Write(Remote, 9);
        using var dataset = new LegacyStreamingMapDataset(new() { Local = Remote, TensorDecoders = Decoders, World = World.Single });
        using var scope = NewDisposeScope();

        var sample = dataset.GetTensor(7);

        Assert.Equal(["uid", "data"], sample.Keys);
        Assert.Equal(7, sample["uid"].item<long>());
        Assert.Equal(LegacyDataset.Data(7), sample["data"].data<byte>().ToArray());
        Assert.Equal((9, 9), (dataset.Count, dataset.Size));
    }

    [Fact]
    public void Loader_DecoderThatFails_NamesTheField()
    {
        LegacyDataset.Write(Remote, 9);
        var decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, Tensor>> { ["data"] = static bytes => tensor(BinaryPrimitives.ReadInt64LittleEndian(bytes)) };
        using var loader = new StreamingDataLoader(
            new LegacyStreamingMapDataset(new() { Local = Remote, TensorDecoders = decoders, World = World.Single }), batchSize: 3, numWorkers: 2);

        var error = Assert.Throws<SampleDecodeException>(() => ReadUids(loader).ToArray());

        Assert.Equal("data", error.Location.Column);
    }

    [Fact]
    public void Create_UnknownFieldOrTypelessColumn_FailsAndDisposesTheDataSet()
    {
        LegacyDataset.Write(Remote, 9);
        var decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, Tensor>> { ["x"] = static bytes => tensor(bytes.ToArray()) };
        Assert.Throws<ArgumentException>(
            () => new LegacyStreamingMapDataset(new() { Local = Remote, TensorDecoders = decoders, World = World.Single }));

        var source = LegacyStreamingDataset.Open(new LegacyStreamingDatasetOptions { Local = Remote, World = World.Single });
        Assert.Throws<ArgumentException>(() => new LegacyStreamingMapDataset(source, new ColumnSet(new ScalarColumn("uid"))));
        Assert.Throws<ObjectDisposedException>(() => source[0]);
    }

    private static IEnumerable<long[]> ReadUids(StreamingDataLoader loader)
    {
        foreach (var batch in loader)
        {
            yield return batch["uid"].data<long>().ToArray();
        }
    }

    private static string Describe(Dictionary<string, Tensor> batch)
    {
        var (uids, data) = (batch["uid"].data<long>().ToArray(), batch["data"].data<byte>().ToArray());
        return string.Join(' ', uids.Select((uid, row) => $"{uid}:{Convert.ToHexString(data.AsSpan(4 * row, 4))}"));
    }
}
