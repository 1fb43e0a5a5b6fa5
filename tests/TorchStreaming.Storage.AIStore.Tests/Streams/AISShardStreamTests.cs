// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Storage;

namespace TorchStreaming.Tests.Loading;

public sealed class AISShardStreamTests : AISClusterFixture
{
    [Fact]
    public async Task ReadEpoch_SeveralShards_FillsWithTheFieldsSeenSoFar()
    {
        PutTwoShards();
        var stream = new AISShardStream([Bucket]);

        Assert.Equal(["0001: jpg=J1 cls=C1", "0002: jpg=J2 cls=", "0003: jpg=J3 txt=T3 cls="], await ReadAsync(stream));
        Assert.Equal(["0001: jpg=J1 cls=C1 txt=", "0002: jpg=J2 cls= txt=", "0003: jpg=J3 txt=T3 cls="], await ReadAsync(stream));
    }

    [Fact]
    public async Task ReadEpoch_DeclaredFields_AreTheSameForAll()
    {
        PutTwoShards();

        var samples = await ReadAsync(new AISShardStream([Bucket], new AISStreamOptions { Fields = ["jpg", "txt"] }));

        Assert.Equal(["0001: jpg=J1 cls=C1 txt=", "0002: jpg=J2 txt=", "0003: jpg=J3 txt=T3"], samples);
    }

    [Theory]
    [InlineData("a.jpg", "a: jpg=x")]
    [InlineData("d/a.seg.png", "a: png=x")]
    [InlineData("d.v1/a.png", "a: png=x")]
    [InlineData("a..b", "a: b=x")]
    [InlineData("IMG.JPG", "IMG: JPG=x")]
    [InlineData("README", null)]
    [InlineData("a.", null)]
    [InlineData(".hidden", ": hidden=x")]
    [InlineData("d/.x.y", ": y=x")]
    [InlineData("a.tar.gz", "a: gz=x")]
    public async Task ReadEpoch_MemberName_IsSplitAsTheReferenceDoes(string member, string? expected)
    {
        PutShard("s.tar", (member, "x"));

        Assert.Equal(expected is null ? [] : [expected], await ReadAsync(new AISShardStream([Bucket])));
    }

    [Fact]
    public async Task ReadEpoch_SameBaseNameApart_IsOneSampleAndTheLastFieldCounts()
    {
        PutShard("s.tar", ("train/1.jpg", "a"), ("2.jpg", "b"), ("val/1.jpg", "c"), ("1.cls", "d"));

        Assert.Equal(["1: jpg=c cls=d", "2: jpg=b cls="], await ReadAsync(new AISShardStream([Bucket])));
    }

    [Fact]
    public async Task ReadEpoch_WebDatasetRule_GroupsNeighborsByPath()
    {
        PutShard("s.tar", ("train/1.seg.PNG", "a"), ("train/1.cls", "b"), ("val/1.cls", "c"), (".hidden.x", "d"), ("__m__/x.y", "e"));
        var options = new AISStreamOptions { KeyRule = TarKeyRule.WebDataset };

        Assert.Equal(["train/1: seg.png=a cls=b", "val/1: cls=c seg.png="], await ReadAsync(new AISShardStream([Bucket], options)));

        PutShard("s.tar", ("1.cls", "b"), ("1.cls", "c"));
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(new AISShardStream([Bucket], options)));
    }

    [Fact]
    public async Task ReadEpoch_DirectoriesAndLinks_GiveFieldsButNoSamples()
    {
        using var bytes = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(bytes, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "dir.v1/"));
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "l.lnk") { LinkName = "a.jpg" });
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "a.jpg") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        Server.Contents.Put("imagenet", "s.tar", bytes.ToArray());

        Assert.Equal(["a: jpg=x v1= lnk="], await ReadAsync(new AISShardStream([Bucket])));
    }

    [Theory]
    [InlineData("s.txt", "hello")]
    [InlineData("s.zip", "PK")]
    [InlineData("s.tar", "")]
    public async Task ReadEpoch_ObjectThatIsNoTar_IsOneTypedError(string name, string content)
    {
        Server.Contents.Put("imagenet", name, Encoding.ASCII.GetBytes(content));

        var error = await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(new AISShardStream([Bucket])));

        Assert.Contains($"ais://imagenet/{name}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadEpoch_OnlyZeroBlocks_HasNoSamples()
    {
        Server.Contents.Put("imagenet", "s.tar", new byte[10_240]);

        Assert.Empty(await ReadAsync(new AISShardStream([Bucket])));
    }

    [Theory]
    [InlineData(700)]
    [InlineData(1600)]
    public async Task ReadEpoch_ShardCutWhereItIsStored_IsOneTypedError(int length)
    {
        Server.Contents.Put("imagenet", "s.tar", AIStoreArchives.Tar(("a.jpg", new byte[600]), ("b.jpg", new byte[600]))[..length]);

        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(new AISShardStream([Bucket])));
    }

    [Theory]
    [InlineData("s.tgz", TarKeyRule.AIStore)]
    [InlineData("s.tar.gz", TarKeyRule.AIStore)]
    [InlineData("s.tgz", TarKeyRule.WebDataset)]
    public async Task ReadEpoch_CompressedShard_IsUnpacked(string name, TarKeyRule rule)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(AIStoreArchives.Tar(("a.jpg", "x"u8.ToArray())));
        }

        Server.Contents.Put("imagenet", name, bytes.ToArray());

        Assert.Equal(["a: jpg=x"], await ReadAsync(new AISShardStream([Bucket], new AISStreamOptions { KeyRule = rule })));
    }

    [Fact]
    public async Task ReadEpoch_TransformOfTheShard_IsApplied()
    {
        Server.Contents.Put("imagenet", "s.bin", [1]);
        Server.Transforms!["make-tar"] = static (_, _) => AIStoreArchives.Tar(("a.jpg", "x"u8.ToArray()));

        Assert.Equal(["a: jpg=x"], await ReadAsync(new AISShardStream([Bucket], new AISStreamOptions { EtlName = "make-tar" })));
    }

    [Fact]
    public async Task ReadEpoch_ConnectionBreaksInAShard_GivesTheExactSamples()
    {
        Server.Contents.Put("imagenet", "s.tar", AIStoreArchives.Tar(
            Enumerable.Range(0, 50).Select(static i => ($"{i:d2}.jpg", Bytes(5000 + i)))));
        Server.Script(static request => request.IsTarget, new AIStoreFault.BreakAfter(100_000));
        Server.Script(static request => request.IsTarget, new AIStoreFault.Status(503));

        var samples = await ToListAsync(new AISShardStream([Bucket]).ReadEpochAsync());

        Assert.Equal(50, samples.Count);
        Assert.All(samples, static sample => Assert.Equal(Bytes(5000 + int.Parse(sample.Key, System.Globalization.CultureInfo.InvariantCulture)), sample.Fields["jpg"].ToArray()));
    }

    [Theory]
    [InlineData("redirect to itself once", null)]
    [InlineData("redirect loop", StorageErrorKind.Other)]
    [InlineData("target restart", null)]
    [InlineData("throttled", null)]
    [InlineData("reset", null)]
    [InlineData("cut short", null)]
    [InlineData("wrong checksum", StorageErrorKind.Other)]
    [InlineData("listing repeats", null)]
    public async Task ReadEpoch_EpochWithFaults_GivesTheExactSamplesOrOneTypedError(string fault, StorageErrorKind? kind)
    {
        AISEpochFaults.PutShards(Server);
        var whole = await ReadAsync(new AISShardStream([Bucket]));
        await AISEpochFaults.ScriptAsync(Server, fault);

        if (kind is { } expected)
        {
            await ThrowsKindAsync(expected, () => ReadAsync(new AISShardStream([Bucket])));
        }

        // Faults pass: the next epoch, and one that no error ended, have every sample once.
        Assert.Equal(AISEpochFaults.SampleCount, whole.Count);
        Assert.Equal(whole, await ReadAsync(new AISShardStream([Bucket])));
    }

    [Theory]
    [InlineData(TarKeyRule.AIStore)]
    [InlineData(TarKeyRule.WebDataset)]
    public async Task ReadEpoch_DamagedShardWithMuchBehindItsEndMark_IsOneTypedError(TarKeyRule rule)
    {
        Server.Contents.Put("imagenet", "s.tar", [.. AIStoreArchives.Tar(("a.jpg", new byte[600])), .. new byte[4 << 20]]);
        Server.Script(static request => request.IsTarget, new AIStoreFault.FlipByte(1600));

        await ThrowsKindAsync(StorageErrorKind.Other, () => ReadAsync(new AISShardStream([Bucket], new AISStreamOptions { KeyRule = rule })));
    }

    [Fact]
    public async Task ReadEpoch_WebDatasetRule_GivesSamplesBeforeTheirShardIsThere()
    {
        Server.Contents.Put("imagenet", "s.tar", AIStoreArchives.Tar(
            Enumerable.Range(0, 50).Select(static i => ($"{i:d2}.jpg", Bytes(5000 + i)))));
        Server.Script(static request => request.IsTarget, new AIStoreFault.BreakAfter(100_000));
        Server.Script(static request => request.IsTarget, new AIStoreFault.Status(503), times: 100);
        var stream = new AISShardStream([Bucket], new AISStreamOptions { KeyRule = TarKeyRule.WebDataset });
        var samples = new List<AISShardSample>();

        await ThrowsKindAsync(StorageErrorKind.Unavailable, async () =>
        {
            await foreach (var sample in stream.ReadEpochAsync())
            {
                samples.Add(sample);
            }
        });

        Assert.Equal(Enumerable.Range(0, samples.Count).Select(static i => $"{i:d2}"), samples.Select(static sample => sample.Key));
        Assert.All(samples.Index(), static item => Assert.Equal(Bytes(5000 + item.Index), item.Item.Fields["jpg"].ToArray()));
        Assert.Equal((0, samples.Count), (stream.StateDict().Objects, stream.StateDict().Samples));
        Assert.NotEmpty(samples);
    }

    [Theory]
    [InlineData(0, "1,2,3,4")]
    [InlineData(1, "2,3,4")]
    [InlineData(2, "3,4")]
    [InlineData(3, "4")]
    [InlineData(4, "")]
    public async Task LoadStateDict_WebDatasetRule_GoesOnBehindTheSample(int after, string rest)
    {
        PutShard("a.tar", ("1.x", "a"), ("2.x", "b"));
        PutShard("b.tar", ("README", "no sample"));
        PutShard("c.tar", ("3.x", "c"), ("4.y", "d"));
        var options = new AISStreamOptions { KeyRule = TarKeyRule.WebDataset, Prefetch = 1 };
        var stream = new AISShardStream([Bucket], options);
        await foreach (var sample in stream.ReadEpochAsync())
        {
            if (after == 0 || sample.Key == $"{after}")
            {
                break;
            }
        }

        var state = after == 0 ? new AISShardStream([Bucket], options).StateDict() : stream.StateDict();
        var resumed = new AISShardStream([Bucket], options);
        resumed.LoadStateDict(AISStreamState.Parse(state.ToJson()));

        Assert.Equal(rest, string.Join(',', (await ToListAsync(resumed.ReadEpochAsync())).Select(static sample => sample.Key)));
        Assert.Equal(1, resumed.StateDict().Epoch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task LoadStateDict_InAShard_GoesOnBehindTheSample(int after)
    {
        PutTwoShards();
        PutShard("z.tar", ("0004.new", "N4"), ("0005.jpg", "J5"));
        var whole = await ReadAsync(new AISShardStream([Bucket]));
        var stream = new AISShardStream([Bucket]);
        var seen = new List<string>();
        await foreach (var sample in stream.ReadEpochAsync())
        {
            seen.Add(Show(sample));
            if (seen.Count == after)
            {
                break;
            }
        }

        var resumed = new AISShardStream([Bucket]);
        resumed.LoadStateDict(AISStreamState.Parse(stream.StateDict().ToJson()));

        Assert.Equal(whole, seen.Concat(await ReadAsync(resumed)));
    }

    [Fact]
    public async Task ReadEpoch_Progress_CountsEachShard()
    {
        PutTwoShards();
        var reports = new List<AISProgress>();
        var options = new AISStreamOptions { Progress = new Reports(reports) };

        await ReadAsync(new AISShardStream([Bucket], options));

        Assert.Equal([new AISProgress("a.tar", 1), new AISProgress("a.tar", 2), new AISProgress("b.tar", 1)], reports);
    }

    [Fact]
    public void ZeroDict_UnknownKey_IsAnError()
    {
        var fields = new ZeroDict([new("jpg", new byte[] { 1 })], ["cls", "jpg"]);

        Assert.Equal(["jpg", "cls"], fields.Keys);
        Assert.True(fields["cls"].IsEmpty);
        Assert.Throws<KeyNotFoundException>(() => fields["txt"]);
        Assert.False(fields.TryGetValue("txt", out _));
    }

    private void PutTwoShards()
    {
        PutShard("a.tar", ("a/0001.jpg", "J1"), ("a/0001.cls", "C1"), ("a/0002.jpg", "J2"));
        PutShard("b.tar", ("0003.jpg", "J3"), ("0003.txt", "T3"));
    }

    private void PutShard(string name, params (string Name, string Text)[] files) => Server.Contents.Put(
        "imagenet", name, AIStoreArchives.Tar(files.Select(static file => (file.Name, Encoding.UTF8.GetBytes(file.Text)))));

    private static async Task<List<string>> ReadAsync(AISShardStream stream) => [.. (await ToListAsync(stream.ReadEpochAsync())).Select(Show)];

    private static string Show(AISShardSample sample) => $"{sample.Key}:" + string.Concat(
        sample.Fields.Select(static field => $" {field.Key}={Encoding.UTF8.GetString(field.Value.Span)}"));

    private sealed class Reports(List<AISProgress> list) : IProgress<AISProgress>
    {
        public void Report(AISProgress value) => list.Add(value);
    }
}
