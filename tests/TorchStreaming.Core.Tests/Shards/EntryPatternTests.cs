// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Tests.Shards;

/// <summary>Entries that are written like the one before them are not parsed token by token; what comes of an index is the same, whatever it
/// holds.</summary>
public sealed class EntryPatternTests
{
    private const int Count = 60;

    private static readonly string[] Snippets =
    [
        "0", "9", "-", "99999999999", "9223372036854775807", "1e3", ".5", "00", "\"", "\\u0073", "\\", " ", "\n", "\t", ",", "{", "}", "[", "]", "null",
        "\"samples\": 5, ", "\"raw_data\": null, ", "\"hashes\": {}, ", "\"bytes\": 7, ", "\"extra\": [1, {\"samples\": 2}], ", "A", "../", "shard.",
        "\"basename\": \"shard.00001.mds\", ", "true", ", {}", "\u00e9", "/*", "{\"a\": 1}",
    ];

    public static TheoryData<string> Styles => ["mds", "zip", "split", "compact", "lines", "mixed"];

    [Theory]
    [MemberData(nameof(Styles))]
    public void Parse_EntriesAlike_SaysWhatEachEntrySays(string style)
    {
        var json = Encoding.UTF8.GetBytes(MakeIndex(style));

        var index = Parse(json, readsEachEntry: false);

        Assert.Equal(Count, index.Index!.Shards.Length);
        Assert.Equal(Parse(json, readsEachEntry: true).Text, index.Text);
    }

    /// <summary>A shortcut that were never taken would pass every other test.</summary>
    [Theory]
    [InlineData("mds")]
    [InlineData("zip")]
    [InlineData("split")]
    [InlineData("compact")]
    [InlineData("lines")]
    public void Take_EntriesAlike_TakesAllOfThem(string style)
    {
        var text = Encoding.UTF8.GetBytes(MakeIndex(style)).AsSpan();
        var first = text.IndexOf((byte)'[') + 1;
        first += text[first..].IndexOf((byte)'{');
        var length = FindEnd(text[first..]);
        var shards = new ShardListBuilder();
        var one = $"{{\"version\": 2, \"shards\": [{Encoding.UTF8.GetString(text.Slice(first, length))}]}}";
        shards.Add(DatasetIndex.Parse(Encoding.UTF8.GetBytes(one), "one").Shards[0], text.Slice(first, length));
        var bytes = 0L;

        var taken = new EntryRun(shards).Take(text.Slice(first, length), text[(first + length)..], ref bytes);

        Assert.Equal(Count, shards.Count);
        Assert.StartsWith("]", Encoding.UTF8.GetString(text[(first + length + taken)..]), StringComparison.Ordinal);
        Assert.Equal(
            shards.Build().Skip(1).Sum(static shard => shard.Files.Sum(static file => file.Raw.Bytes + (file.Zip?.Bytes ?? 0))), bytes);
    }

    /// <summary>Damage, whatever it is, has the outcome that it has when every token is read: the same shards, or the same failure at the
    /// same place.</summary>
    [Theory]
    [MemberData(nameof(Styles))]
    public void Parse_DamagedEntries_EndsAsIfEachTokenWasRead(string style)
    {
        var random = new Random(31);
        var whole = MakeIndex(style);
        var (accepted, refused) = (0, 0);
        for (var round = 0; round < 400; round++)
        {
            var text = Damage(whole, random);
            var json = Encoding.UTF8.GetBytes(text);

            var wanted = Parse(json, readsEachEntry: true);
            var found = Parse(json, readsEachEntry: false);

            Assert.True(wanted.Text == found.Text, $"Round {round}:\n{wanted.Text}\n{found.Text}\n{text}");
            (accepted, refused) = wanted.Index is null ? (accepted, refused + 1) : (accepted + 1, refused);
        }

        Assert.InRange(accepted, 20, 380);
        Assert.InRange(refused, 20, 380);
    }

    [Theory]
    [InlineData("\"bytes\": 5017", "\"bytes\": 4294967296")]
    [InlineData("\"bytes\": 5017", "\"bytes\": 9223372036854775000")]
    [InlineData("\"bytes\": 5017", "\"bytes\": 8")]
    [InlineData("\"samples\": 17", "\"samples\": 2147483648")]
    [InlineData("\"samples\": 17", "\"samples\": 1000000")]
    [InlineData("shard.00017", "../../shard.00017")]
    [InlineData("\"version\": 2", "\"version\": 3")]
    public void Parse_ImpossibleEntryAmongMany_IsRefused(string good, string bad)
    {
        var text = MakeIndex("mds");
        var at = text.IndexOf(good, text.IndexOf("shard.00016", StringComparison.Ordinal), StringComparison.Ordinal);
        var json = Encoding.UTF8.GetBytes(text.Remove(at, good.Length).Insert(at, bad));

        var (index, message) = Parse(json, readsEachEntry: false);

        Assert.Null(index);
        Assert.Equal(Parse(json, readsEachEntry: true).Text, message);
    }

    [Fact]
    public void Parse_SizesThatOverflowTogether_AreRefused()
    {
        // Tars may be of any size that their samples' offsets allow; sizes of compressed files are not bounded at all.
        var text = MakeIndex("zip");
        var json = Encoding.UTF8.GetBytes(text.Replace("\"bytes\": 4", "\"bytes\": 92233720368547758", StringComparison.Ordinal));

        var (index, message) = Parse(json, readsEachEntry: false);

        Assert.Null(index);
        Assert.Equal(Parse(json, readsEachEntry: true).Text, message);
    }

    private static int FindEnd(ReadOnlySpan<byte> entry)
    {
        var depth = 0;
        for (var i = 0; i < entry.Length; i++)
        {
            depth += entry[i] == '{' ? 1 : entry[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return entry.Length;
    }

    private static (DatasetIndex? Index, string Text) Parse(byte[] json, bool readsEachEntry)
    {
        try
        {
            var index = new IndexParser("index.json", readsEachEntry).Parse(json);
            var output = new ArrayBufferWriter<byte>();
            index.Write(output);
            return (index, $"{index.SampleCount} {index.RawBytes} {index.StoredBytes} {Encoding.UTF8.GetString(output.WrittenSpan)}");
        }
        catch (ShardFormatException failure)
        {
            return (null, $"{failure.Message} {failure.Location} {failure.InnerException?.Message}");
        }
    }

    private static string Damage(string text, Random random)
    {
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            var length = random.Next(4) == 0 ? random.Next(Math.Min(40, text.Length - at)) : random.Next(Math.Min(3, text.Length - at));
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Snippets[random.Next(Snippets.Length)]),
                // Digits for digits change the minimum.
                _ when text.IndexOfAny([.. "0123456789"], at) is >= 0 and var digit =>
                    text.Remove(digit, 1).Insert(digit, $"{random.Next(10)}"),
                _ => text,
            };
        }

        return text;
    }

    private static string MakeIndex(string style)
    {
        var entries = Enumerable.Range(0, Count).Select(number => MakeEntry(style, number));
        var text = $"{{\"shards\": [{string.Join(", ", entries)}], \"version\": 2}}";
        return style switch
        {
            "compact" => text.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal),
            "lines" => text.Replace(", ", ",\r\n\t", StringComparison.Ordinal),
            _ => text,
        };
    }

    private static string MakeEntry(string style, int number) => style switch
    {
        "split" => MakeEntry(number, "csv", ".gz", "\"newline\": \"\\n\", ", $"{MakeFile("raw_meta", $"shard.{number:D5}.csv.meta", 3000 + number)}, "
            + $"{MakeFile("zip_meta", $"shard.{number:D5}.csv.meta.gz", 2000 + number)}, "),
        "zip" => MakeEntry(number, "mds", ".zstd", "\"column_sizes\": [8], ", ""),
        "mixed" => MakeEntry(number % 3 == 0 ? "split" : number % 7 == 0 ? "zip" : "mds", number),
        _ => MakeEntry(number, "mds", "", "\"column_sizes\": [8], ", ""),
    };

    private static string MakeEntry(int number, string format, string zip, string schema, string files) =>
        $"{{\"column_encodings\": [\"int\"], \"column_names\": [\"\u00e9\"], {schema}\"compression\": {(zip.Length > 0 ? $"\"{zip[1..]}\"" : "null")}, "
        + $"\"format\": \"{format}\", \"hashes\": [\"sha1\", \"xxh64\"], {files}{MakeFile("raw_data", $"shard.{number:D5}.{format}", 5000 + number)}, "
        + $"\"samples\": {number}, \"size_limit\": \"64mb\", \"version\": 2, "
        + $"{(zip.Length > 0 ? MakeFile("zip_data", $"shard.{number:D5}.{format}{zip}", 4000 + number) : "\"zip_data\": null")}}}";

    private static string MakeFile(string key, string name, int bytes) =>
        $"\"{key}\": {{\"basename\": \"{name}\", \"bytes\": {bytes}, \"hashes\": {{\"sha1\": \"{bytes * 7919L:x40}\", \"xxh64\": \"{bytes * 104729L:x16}\"}}}}";
}
