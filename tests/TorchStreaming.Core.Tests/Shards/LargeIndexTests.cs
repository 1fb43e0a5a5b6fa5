// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Security.Cryptography;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

/// <summary>Large indexes, whose shards are kept packed: they say what small ones say.</summary>
public sealed class LargeIndexTests
{
    private const int Count = ShardList.PackingThreshold + 76;

    private static readonly Dictionary<string, ShardSchema> Schemas = new()
    {
        [ShardFormats.Mds] = new ShardSchema(ShardFormats.Mds, [new ShardColumn("id", "int", 8)]),
        [ShardFormats.Json] = new ShardSchema(ShardFormats.Json, [new ShardColumn("id", "int", null)]) { Newline = "\n" },
        [ShardFormats.Csv] = new ShardSchema(ShardFormats.Csv, [new ShardColumn("id", "int", null)]) { Newline = "\n" },
    };

    public static TheoryData<string> Kinds => ["plain", "hashes", "zip", "split", "folders", "odd-names", "mixed"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parse_ManyShards_SaysWhatTheJsonSays(string kind)
    {
        ImmutableArray<ShardInfo> shards = [.. Enumerable.Range(0, Count).Select(number => Make(kind, number))];
        var json = Render(shards);

        var index = DatasetIndex.Parse(json, "index.json");

        Assert.Equal(kind == "odd-names", index.Shards.Packed is null);
        Assert.Equal(Count, index.Shards.Length);
        Assert.Equal(json, Render(index.Shards));
        var wanted = new DatasetIndex(shards);
        Assert.Equal((wanted.SampleCount, wanted.RawBytes, wanted.StoredBytes), (index.SampleCount, index.RawBytes, index.StoredBytes));
        Assert.Equal(shards.Select(static shard => shard.SampleCount), Enumerable.Range(0, Count).Select(index.Shards.GetSampleCount));
        Assert.Equal(wanted.Shards.Schemas.Length, index.Shards.Schemas.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Shards[Count]);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Shards[-1]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ShardOwners_EveryFile_FindsItsShard(string kind)
    {
        var shards = DatasetIndex.Parse(Render(Enumerable.Range(0, Count).Select(number => Make(kind, number))), "index.json").Shards;

        var owners = new ShardOwners(shards);

        for (var i = 0; i < Count; i++)
        {
            foreach (var file in shards[i].Files)
            {
                Assert.True(owners.TryFind(file.Raw.Basename, out var ofRaw));
                Assert.True(owners.TryFind(file.Stored.Basename, out var ofStored));
                Assert.Equal((i, i), (ofRaw, ofStored));
            }
        }

        Assert.All(
            ["", "index.json", "shard.99999.mds", "shard.0.mds", "shard.00000.mds.part", "other/shard.00000.mds"],
            name => Assert.False(owners.TryFind(name, out _)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void PackedShards_FullBytes_AreThoseOfAllFiles(string kind)
    {
        var shards = DatasetIndex.Parse(Render(Enumerable.Range(0, Count).Select(number => Make(kind, number))), "index.json").Shards;

        var sums = shards.Select(static shard => (Int128)shard.Files.Sum(static file => file.Raw.Bytes + (file.Zip?.Bytes ?? 0)));

        Assert.True(shards.Packed is null || sums.SequenceEqual(Enumerable.Range(0, Count).Select(shards.Packed.GetFullBytes)));
    }

    [Fact]
    public void Parse_OneOddShardAtTheEnd_KeepsAllAsTheyAre()
    {
        ImmutableArray<ShardInfo> shards = [.. Enumerable.Range(0, Count).Select(number => Make(number == Count - 1 ? "odd-names" : "hashes", number))];
        var json = Render(shards);

        var index = DatasetIndex.Parse(json, "index.json");

        Assert.Null(index.Shards.Packed);
        Assert.Equal(json, Render(index.Shards));
    }

    [Fact]
    public void Parse_ManyShards_TakesLittleMemoryForEach()
    {
        var index = DatasetIndex.Parse(Render(Enumerable.Range(0, Count).Select(static number => Make("hashes", number))), "index.json");

        // Beside its record a shard has an offset of four bytes and a kind of two.
        Assert.InRange((index.Shards.Packed!.Records.Length / Count) + 6, 1, 64);
    }

    [Theory]
    [InlineData("shard.00012.mds", 12)]
    [InlineData("a/b/shard.123456.mds.zstd", 123456)]
    [InlineData("shard.00001/shard.00002.csv.meta", 2)]
    [InlineData("shard.99999", 99999)]
    public void NumberedName_OfAWriter_ComesApartAndTogether(string basename, int number)
    {
        var name = NumberedName.TryParse(basename, out var found)!;

        Assert.Equal(number, found);
        Assert.Equal(basename, name.Format(found));
        Assert.True(name.TryMatch(basename, out found));
        Assert.Equal(number, found);
    }

    [Theory]
    [InlineData("shard.012.mds")]
    [InlineData("shard.000012.mds")]
    [InlineData("shard.0000000012.mds")]
    [InlineData("shard.4294967296.mds")]
    [InlineData("data-00012.mds")]
    [InlineData("")]
    public void NumberedName_OfAnotherForm_IsNone(string basename) => Assert.Null(NumberedName.TryParse(basename, out _));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Snapshot_OfAnyIndex_ReadsBackTheSame(string kind)
    {
        var json = Render(Enumerable.Range(0, Count).Select(number => Make(kind, number)));
        if (DatasetIndex.Parse(json, "index.json").Shards.Packed is not { } packed)
        {
            Assert.Equal("odd-names", kind);
            return;
        }

        var stamp = new IndexStamp(json.Length, 17, 4711);
        var read = IndexSnapshot.TryRead(IndexSnapshot.Write(packed, stamp), out var found);

        Assert.Equal(stamp, found);
        Assert.Equal(json, Render(new ShardList(read!)));
    }

    /// <summary>Damage anywhere is found by the checksum; where that is put right, the records are what a JSON could say or are refused.</summary>
    [Fact]
    public void Snapshot_Damaged_IsRefusedOrPossible()
    {
        var json = Render(Enumerable.Range(0, Count).Select(static number => Make("mixed", number)));
        var whole = IndexSnapshot.Write(DatasetIndex.Parse(json, "index.json").Shards.Packed!, default);
        var random = new Random(20);
        var accepted = 0;
        for (var round = 0; round < 600; round++)
        {
            var damaged = round % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var change = random.Next(1, 4); change > 0 && damaged.Length > 0; change--)
            {
                // The head and the examples decide most, so they are hit most.
                var at = random.Next(random.Next(3) == 0 ? damaged.Length : Math.Min(damaged.Length, 900));
                damaged[at] ^= (byte)(1 << random.Next(8));
            }

            Assert.Null(IndexSnapshot.TryRead(damaged, out _));
            if (damaged.Length > 8)
            {
                BitConverter.TryWriteBytes(damaged.AsSpan(^8..), XxHash64.HashToUInt64(damaged.AsSpan(..^8)));
                if (IndexSnapshot.TryRead(damaged, out _) is { } shards)
                {
                    var again = Render(new ShardList(shards));
                    Assert.Equal(again, Render(DatasetIndex.Parse(again, "index.json").Shards));
                    accepted++;
                }
            }
        }

        Assert.InRange(accepted, 1, 599);
    }

    private static byte[] Render(IEnumerable<ShardInfo> shards)
    {
        var output = new ArrayBufferWriter<byte>();
        IndexWriter.WriteIndex(shards, output);
        return output.WrittenSpan.ToArray();
    }

    private static ShardInfo Make(string kind, int number) => kind switch
    {
        "plain" => Make(ShardFormats.Mds, number, "", [], zip: false),
        "hashes" => Make(ShardFormats.Mds, number, "", ["sha1", "xxh64"], zip: false),
        "zip" => Make(ShardFormats.Mds, number, "", ["sha1"], zip: true),
        "split" => Make(ShardFormats.Csv, number, "", ["md5"], zip: true),
        "folders" => Make(ShardFormats.Mds, number % 100, $"part {number / 100}/", ["xxh64"], zip: false),
        "odd-names" => Make(ShardFormats.Mds, 0, "", [], zip: false, name: $"piece-{number}"),
        _ => Make(number % 3 == 0 ? ShardFormats.Json : ShardFormats.Mds, number, "", number % 2 == 0 ? [] : ["sha1"], number % 5 == 0),
    };

    private static ShardInfo Make(string format, int number, string folder, ImmutableArray<string> hashes, bool zip, string? name = null)
    {
        ShardFileInfo File(string suffix) => new(
            $"{folder}{name ?? $"shard.{number:D5}"}.{format}{suffix}",
            1000 + number,
            FileDigests.Create(hashes.Select(hash => KeyValuePair.Create(hash, Digest(hash, $"{number}{suffix}")))));
        ShardFile Both(string suffix) => new(File(suffix), zip ? File(suffix + ".gz") : null);
        return new ShardInfo
        {
            Schema = Schemas[format],
            SampleCount = number % 200,
            Files = format == ShardFormats.Mds ? [Both("")] : [Both(".meta"), Both("")],
            Compression = zip ? "gz" : null,
            Hashes = hashes,
            SizeLimit = 1 << 26,
        };
    }

    private static string Digest(string hash, string text)
    {
        var length = hash switch { "sha1" => 20, "md5" => 16, _ => 8 };
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, length));
    }
}
