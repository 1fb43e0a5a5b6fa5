// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Tars;

/// <summary>Tars are streams like any other once their samples are known.</summary>
public sealed class TarDatasetTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_PatternListPrefixAndOneTar_GiveTheSamples()
    {
        var count = SmallTars.Write(_folder.Combine("tars"), 7, 5, 3);
        var tars = _folder.Combine("tars");
        await AssertSamplesAsync(new DataStream { Remote = $"{tars}/train-{{0..2}}.tar" }, count);
        await AssertSamplesAsync(new DataStream { Local = $"{tars}/train-{{0..2}}.tar" }, count);
        await AssertSamplesAsync(new DataStream { Local = tars, Tars = new TarOptions() }, count);
        await AssertSamplesAsync(new DataStream { Local = tars, Tars = new() { Shards = ["train-0.tar", "train-{1..2}.tar"] } }, count);
        await AssertSamplesAsync(new DataStream { Remote = $"{tars}/train-0.tar", Local = _folder.Combine("copy") }, 7);
        Assert.False(File.Exists(_folder.Combine("copy", "train-1.tar")));
    }

    [Fact]
    public async Task OpenAsync_ASecondTime_BelievesWhatWasFound()
    {
        var count = SmallTars.Write(_folder.Combine("tars"), 7, 5);
        var stream = new DataStream { Remote = $"{_folder.Combine("tars")}/train-{{0..1}}.tar", Local = _folder.Combine("copy") };
        await AssertSamplesAsync(stream, count);
        Directory.Delete(_folder.Combine("tars"), recursive: true);

        await AssertSamplesAsync(stream, count);
    }

    [Fact]
    public async Task OpenAsync_WithACacheLimit_EvictsTarsAndKeepsWhatIsKnown()
    {
        var count = SmallTars.Write(_folder.Combine("tars"), [.. Enumerable.Repeat(8, 8)]);
        var size = new FileInfo(_folder.Combine("tars", "train-0.tar")).Length;
        var options = new StreamingDatasetOptions { CacheLimit = new ByteSize(size * 5), Local = _folder.Combine("copy") };
        await using var dataset = await StreamingDataset.OpenAsync($"{_folder.Combine("tars")}/train-{{0..7}}.tar", options);

        for (var i = 0; i < count; i++)
        {
            using var sample = dataset[i];
            Assert.Equal($"text {i}", Encoding.UTF8.GetString(sample.Bytes("txt")));
        }

        Assert.True(Directory.GetFiles(_folder.Combine("copy"), "*.tar").Length < 8);
    }

    [Fact]
    public async Task OpenAsync_DamagedTables_AreMadeAgain()
    {
        var count = SmallTars.Write(_folder.Path, 4);
        await AssertSamplesAsync(new DataStream { Local = _folder.Combine("train-0.tar") }, count);
        var table = Directory.GetFiles(_folder.Combine(".torchstreaming"), "*.samples", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(table, [1, 2, 3]);

        await AssertSamplesAsync(new DataStream { Local = _folder.Combine("train-0.tar") }, count);
    }

    [Fact]
    public async Task OpenAsync_MissingFields_FollowsThePolicy()
    {
        var tar = new TarBytes().Add("a.x", "1").Add("a.y", "2").Add("b.x", "3").Add("c.y", "4").Add("c.x", "5").ToArray();
        File.WriteAllBytes(_folder.Combine("t.tar"), tar);
        var stream = new DataStream { Local = _folder.Combine("t.tar") };

        Assert.Equal(["a:12", "b:3", "c:54"], await ReadAsync(stream));
        Assert.Equal(["a:12", "c:54"], await ReadAsync(stream with { Tars = new() { MissingFields = TarMissingFields.Skip } }));
        Assert.Equal(["a:1", "b:3", "c:5"], await ReadAsync(stream with { Tars = new() { MissingFields = TarMissingFields.Throw, Fields = ["x"] } }));
        var failure = await Assert.ThrowsAsync<ShardFormatException>(
            () => ReadAsync(stream with { Tars = new() { MissingFields = TarMissingFields.Throw } }));
        Assert.Equal((1, "y"), (failure.Location.Sample, failure.Location.Column));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(stream with { Tars = new() { Fields = ["z"] } }));
    }

    [Fact]
    public async Task OpenAsync_AIStoresRule_GroupsMembersThatAreFarApart()
    {
        var tar = new TarBytes().Add("u/a.X", "1").Add("b.seg.y", "2").Add("v/a.y", "3").Add("b.X", "4").Add("w/a.X", "5").ToArray();
        File.WriteAllBytes(_folder.Combine("t.tar"), tar);

        var samples = await ReadAsync(
            new DataStream { Local = _folder.Combine("t.tar"), Tars = new TarOptions { KeyRule = TarKeyRule.AIStore } });

        Assert.Equal(["a:53", "b:42"], samples);
    }

    [Fact]
    public async Task OpenAsync_FieldTwice_IsRefusedWithItsPlace()
    {
        File.WriteAllBytes(_folder.Combine("t.tar"), new TarBytes().Add("a.jpg", "1").Add("a.JPG", "2").ToArray());

        var failure = await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(new DataStream { Local = _folder.Combine("t.tar") }));

        Assert.Contains("twice", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1536, failure.Location.Offset);
    }

    [Fact]
    public async Task OpenAsync_KeysInLongNames_AreWholeAndContentsToo()
    {
        var pax = $"{new string('p', 150)}/k";
        var gnu = $"{new string('g', 150)}/k";
        var tar = new TarBytes()
            .AddPax('x', ("path", $"{pax}.x"))
            .Add("cut", "1")
            .Add("././@LongLink", Encoding.UTF8.GetBytes($"{gnu}.x\0"), 'L')
            .Add("cut", "2")
            .Add("k.x", "3"u8, '0', static header => TarBytes.Write(header, 345, "prefix"))
            .ToArray();
        File.WriteAllBytes(_folder.Combine("t.tar"), tar);

        Assert.Equal([$"{pax}:1", $"{gnu}:2", "prefix/k:3"], await ReadAsync(new DataStream { Local = _folder.Combine("t.tar") }));
    }

    [Fact]
    public async Task OpenAsync_NoTars_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(new DataStream { Local = _folder.Path, Tars = new() }));
        Assert.Equal(StorageErrorKind.NotFound, failure.Kind);
        failure = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(new DataStream { Local = _folder.Combine("t-{0..1}.tar") }));
        Assert.Equal(StorageErrorKind.NotFound, failure.Kind);
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(new DataStream { Local = _folder.Combine("t-{0..}.tar") }));
    }

    [Fact]
    public async Task OpenAsync_CompressedTar_SaysWhatToDo()
    {
        File.WriteAllBytes(_folder.Combine("t.tar.gz"), [1]);

        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => ReadAsync(new DataStream { Local = _folder.Combine("t.tar.gz") }));
        Assert.Contains(nameof(TarStream), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_Encodings_MakeNumbersOfText()
    {
        File.WriteAllBytes(_folder.Combine("t.tar"), new TarBytes().Add("a.cls", "17").Add("b.cls", "4").ToArray());
        await using var dataset = await StreamingDataset.OpenAsync(
            [
                new DataStream
                {
                    Local = _folder.Combine("t.tar"),
                    Tars = new TarOptions { Encodings = ImmutableDictionary<string, string>.Empty.Add("cls", "str_int") },
                },
            ],
            new StreamingDatasetOptions { BatchSize = 2 });
        await using var loader = new BatchLoader(dataset, new ColumnSet(new ScalarColumn("cls")));

        foreach (var batch in loader)
        {
            Assert.Equal([17, 4], batch.GetValues<long>("cls").ToArray());
        }
    }

    [Fact]
    public async Task OpenAsync_DaliIndexBesideTheTars_SparesTheFirstPass()
    {
        SmallTars.Write(_folder.Combine("tars"), 2, 3);
        var path = $"{new string('p', 150)}/k.x";
        var long1 = new TarBytes().AddPax('x', ("path", path)).Add("cut", "7").ToArray();
        File.WriteAllBytes(_folder.Combine("tars", "train-2.tar"), long1);
        WriteDaliIndexes(_folder.Combine("tars"), 3);
        var stream = new DataStream { Remote = $"{_folder.Combine("tars")}/train-{{0..2}}.tar", Local = _folder.Combine("copy") };
        await using (var dataset = await StreamingDataset.OpenAsync([stream]))
        {
            Assert.Equal(0, dataset.CacheStatistics.ResidentBytes);
        }

        Assert.Empty(Directory.GetFiles(_folder.Combine("copy"), "*.tar"));
        Assert.Equal("set/00003:\u0003\0\0\0\0\0\0\0text 3", (await ReadAsync(stream))[3]);
        Assert.Equal($"{path[..^2]}:7", (await ReadAsync(stream))[5]);
    }

    [Fact]
    public async Task GetSample_ByADaliIndexOfAnotherTar_IsATypedError()
    {
        SmallTars.Write(_folder.Path, 5);
        WriteDaliIndexes(_folder.Path, 1);
        var index = _folder.Combine("train-0.idx");
        File.WriteAllText(index, File.ReadAllText(index).Replace(" 6 ", " 7 ", StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(new DataStream { Local = _folder.Combine("train-0.tar") }));

        Assert.Contains("another tar", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1.1 1\nid 1536 8\n")]
    [InlineData("v1.2 2\nid 1536 8 set/00000.id\n")]
    [InlineData("v1.2 1\nid 1536 8 set/00 000.id\n")]
    [InlineData("v1.2 1\nid -5 8 a.id\n")]
    public async Task OpenAsync_DaliIndexThatSaysTooLittle_IsPassedOver(string text)
    {
        SmallTars.Write(_folder.Path, 2);
        File.WriteAllText(_folder.Combine("train-0.idx"), text);

        await AssertSamplesAsync(new DataStream { Local = _folder.Combine("train-0.tar") }, 2);
    }

    [Fact]
    public async Task GetSample_ByMutatedTables_GivesASampleOrATypedError()
    {
        SmallTars.Write(_folder.Path, 6);
        var stream = new DataStream { Local = _folder.Combine("train-0.tar") };
        await AssertSamplesAsync(stream, 6);
        var table = Directory.GetFiles(_folder.Combine(".torchstreaming"), "*.samples", SearchOption.AllDirectories).Single();
        var original = File.ReadAllBytes(table);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var bytes = original.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
            }

            File.WriteAllBytes(table, bytes);
            try
            {
                Assert.Equal(6, (await ReadAsync(stream)).Count);
            }
            catch (TorchStreamingException)
            {
                // Typed, as it should be; anything else fails the test.
            }
        }
    }

    [Fact]
    public async Task StateDict_OnAnotherWorld_DeliversTheRest()
    {
        var count = SmallTars.Write(_folder.Path, 9, 12, 7, 4);
        var whole = await ReadEpochAsync(new World(1, 2, 0), null, int.MaxValue);
        var first = await ReadEpochAsync(new World(1, 2, 0), null, 2);
        var second = await ReadEpochAsync(new World(1, 2, 1), null, 2);
        Assert.Equal(whole.Ids.Take(8), first.Ids);

        var rest = new List<long>();
        for (var rank = 0; rank < 4; rank++)
        {
            rest.AddRange((await ReadEpochAsync(new World(4, 1, rank), first.State, int.MaxValue)).Ids);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(static id => (long)id), first.Ids.Concat(second.Ids).Concat(rest).Distinct().Order());
        Assert.Empty(first.Ids.Concat(second.Ids).Intersect(rest));
    }

    [Fact]
    public async Task OpenAsync_MixedWithMds_GivesBoth()
    {
        SmallTars.Write(_folder.Combine("tars"), 5);
        await SmallDataset.WriteAsync(_folder.Combine("mds"), 4, firstId: 100);
        await using var dataset = await StreamingDataset.OpenAsync(
            [new DataStream { Local = _folder.Combine("tars", "train-0.tar") }, new DataStream { Local = _folder.Combine("mds") }],
            new StreamingDatasetOptions { BatchSize = 3, Shuffle = true });
        using var loader = new BatchLoader(dataset, new ColumnSet(new BytesColumn("id")));

        var ids = new List<long>();
        foreach (var batch in loader)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                ids.Add(BitConverter.ToInt64(batch.GetRow("id", row)));
            }
        }

        Assert.Equal([0, 1, 2, 3, 4, 100, 101, 102, 103], ids.Order());
    }

    private static void WriteDaliIndexes(string folder, int tars)
    {
        for (var i = 0; i < tars; i++)
        {
            var samples = TarContents.ReadFile(Path.Combine(folder, $"train-{i}.tar"))
                .Where(static member => member.Kind == TarMemberKind.File && member.Name.Contains('.', StringComparison.Ordinal))
                .GroupBy(static member => member.Name[..member.Name.LastIndexOf('.')])
                .Select(static sample => string.Join(' ', sample.Select(static member => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{member.Name[(member.Name.LastIndexOf('.') + 1)..]} {member.ContentOffset} {member.Content.Length} {member.Name}"))))
                .ToArray();
            File.WriteAllText(Path.Combine(folder, $"train-{i}.idx"), $"v1.2 {samples.Length}\n{string.Concat(samples.Select(static line => line + "\n"))}");
        }
    }

    private static async Task AssertSamplesAsync(DataStream stream, int count)
    {
        await using var dataset = await StreamingDataset.OpenAsync([stream]);
        Assert.Equal(count, dataset.Count);
        Assert.Equal(["__key__", "id", "txt"], dataset.Schemas.Single().Columns.Select(static column => column.Name));
        for (var i = 0; i < count; i++)
        {
            using var sample = dataset[i];
            Assert.Equal(SmallTars.KeyOf(i), sample.Get<string>("__key__"));
            Assert.Equal(i, BitConverter.ToInt64(sample.Bytes("id")));
            Assert.Equal($"text {i}", Encoding.UTF8.GetString(sample.Bytes("txt")));
        }
    }

    private static async Task<List<string>> ReadAsync(DataStream stream)
    {
        await using var dataset = await StreamingDataset.OpenAsync([stream]);
        var samples = new List<string>();
        for (var i = 0; i < dataset.Count; i++)
        {
            using var sample = dataset[i];
            var fields = sample.Columns.Skip(1).Select(column => Encoding.UTF8.GetString(sample.Fields[sample.Columns.IndexOf(column)]));
            samples.Add(string.Create(CultureInfo.InvariantCulture, $"{sample.Get<string>("__key__")}:{string.Concat(fields)}"));
        }

        return samples;
    }

    private async Task<(List<long> Ids, LoaderState State)> ReadEpochAsync(World world, LoaderState? state, int batches)
    {
        await using var dataset = await StreamingDataset.OpenAsync(
            [new DataStream { Local = _folder.Combine("train-{0..3}.tar") }],
            new StreamingDatasetOptions { BatchSize = 4, Shuffle = true, NumCanonicalNodes = 4, World = world });
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
}
