// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class JsonLinesTests : IDisposable
{
    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = ByteSize.KiB(1), Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public JsonLinesTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_C4OfPlainAndGzip_HoldsItsThreeColumnsInTheOrderOfFilesAndLines()
    {
        Gzip("c4-train.00001.json.gz", C4(10, 10));
        Write("c4-train.00000.json", C4(0, 10));
        Write("c4-validation.00000.json", C4(90, 2));
        var source = JsonLines.Open(Source, JsonLines.C4, "c4-train.*");
        Assert.Equal<string>(["c4-train.00000.json", "c4-train.00001.json.gz"], source.Files);

        var made = await RawConverter.ConvertAsync(source, Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"text {i} ä"), samples.Select(sample => sample["text"]));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"2019-04-{i}"), samples.Select(sample => sample["timestamp"]));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"https://example.org/{i}"), samples.Select(sample => sample["url"]));
        Assert.True(made.Index.Shards.Length > 1);
        Assert.False(File.Exists(Path.Combine(Output, "classes.json")));
    }

    [Fact]
    public async Task ConvertAsync_Zstandard_IsReadOrTheMissingCodecIsNamed()
    {
        // "hello" in a frame of one raw block: the codec is the system's, which tests do not need to have.
        const string Text = """{"text": "hello"}""" + "\n";
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x20, (byte)Text.Length, (byte)((Text.Length << 3) | 1), 0, 0, .. Encoding.UTF8.GetBytes(Text)];
        File.WriteAllBytes(_directory.Combine("source", "00.jsonl.zst"), frame);
        var source = JsonLines.Open(Source, JsonLines.TextOnly);

        if (HasZstd())
        {
            Assert.Equal("hello", Assert.Single(RawSamples.Read(await RawConverter.ConvertAsync(source, Output, Options)))["text"]);
        }
        else
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => RawConverter.ConvertAsync(source, Output, Options));
        }
    }

    [Fact]
    public async Task ConvertAsync_Pile_TakesTheSetOutOfMeta()
    {
        Write("00.jsonl", """{"text": "a\nb", "meta": {"pile_set_name": "Github"}}""" + "\r\n\n  \n" + """{"meta":{"pile_set_name":"ArXiv"},"text":""}""");

        var samples = RawSamples.Read(await RawConverter.ConvertAsync(JsonLines.Open(Source, JsonLines.Pile), Output, Options));

        Assert.Equal(["a\nb", ""], samples.Select(sample => sample["text"]));
        Assert.Equal(["Github", "ArXiv"], samples.Select(sample => sample["pile_set_name"]));
    }

    [Theory]
    [InlineData("""{"text": "cut off""", "no JSON")]
    [InlineData("""{"words": "x"}""", "no field 'text'")]
    [InlineData("""{"text": 7}""", "no text but number")]
    [InlineData("""["text"]""", "no field 'text'")]
    [InlineData("""{"text": "\ud800"}""", "no valid Unicode")]
    public async Task ConvertAsync_DamagedLine_StopsNamingFileAndLineOrIsSkipped(string line, string problem)
    {
        Write("a.jsonl", """{"text": "1"}""" + "\n\n" + line + "\n" + """{"text": "2"}""" + "\n");
        var source = JsonLines.Open(Source, JsonLines.TextOnly);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(source, Output, Options));
        var made = await RawConverter.ConvertAsync(source, Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Equal(_directory.Combine("source", "a.jsonl"), failure.Location.File);
        Assert.Contains("line 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Equal("a.jsonl, line 3", Assert.Single(made.Skipped).File);
        Assert.Equal(["1", "2"], RawSamples.Read(made).Select(sample => sample["text"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(200)]
    public async Task ConvertAsync_GzipCutOff_IsAnErrorWhateverThePolicy(int missing)
    {
        Gzip("a.json.gz", C4(0, 200));
        var path = _directory.Combine("source", "a.json.gz");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^missing]);
        var options = Options with { OnError = SampleErrorPolicy.Skip };

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => RawConverter.ConvertAsync(JsonLines.Open(Source, JsonLines.TextOnly), Output, options));

        Assert.Contains("cut off", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Output, "index.json")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(99)]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers(int line)
    {
        Write("a.jsonl", C4(0, 60));
        Write("b.jsonl", C4(60, 40));
        await RawConverter.ConvertAsync(
            JsonLines.Open(Source, JsonLines.C4), _directory.Combine("expected"), Options with { Workers = 1 });
        var path = _directory.Combine("source", line < 60 ? "a.jsonl" : "b.jsonl");
        var good = File.ReadAllText(path);

        // The same size, so that it is taken for the same file when it has been repaired.
        File.WriteAllText(path, good.Replace($"\"text {line} ä\"", $" text {line} ä ", StringComparison.Ordinal));
        await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(JsonLines.Open(Source, JsonLines.C4), Output, Options));
        File.WriteAllText(path, good);
        var made = await RawConverter.ConvertAsync(JsonLines.Open(Source, JsonLines.C4), Output, Options with { Workers = 5 });

        Assert.Equal(line > 20, made.Resumed > 0);
        Assert.InRange(made.Resumed, 0, line);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public void Read_GzipCutOffAnywhere_IsAnError()
    {
        Gzip("a.json.gz", C4(0, 5));
        var path = _directory.Combine("source", "a.json.gz");
        var whole = File.ReadAllBytes(path);
        for (var length = 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var reader = LineReader.Open(path, 1 << 20);

            Assert.Throws<SampleDecodeException>(() =>
            {
                while (reader.TryRead(out _))
                {
                }
            });
        }
    }

    [Fact]
    public async Task ConvertAsync_GzipOfSeveralParts_IsRead()
    {
        Gzip("a.json.gz", C4(0, 3));
        var first = File.ReadAllBytes(_directory.Combine("source", "a.json.gz"));
        Gzip("a.json.gz", C4(3, 3));
        File.WriteAllBytes(
            _directory.Combine("source", "a.json.gz"), [.. first, .. File.ReadAllBytes(_directory.Combine("source", "a.json.gz"))]);

        var made = await RawConverter.ConvertAsync(JsonLines.Open(Source, JsonLines.C4), Output, Options);

        Assert.Equal(6, made.Index.SampleCount);
    }

    [Fact]
    public async Task ConvertAsync_Progress_HasNoTotalUntilTheEnd()
    {
        Write("a.jsonl", C4(0, 7));
        var reports = new List<ConversionProgress>();

        await RawConverter.ConvertAsync(JsonLines.Open(Source, JsonLines.C4), Output, Options, new Recorder(reports));

        Assert.Equal(0, reports[0].Total);
        Assert.Equal((7, 7), (reports[^1].Done, reports[^1].Total));
    }

    [Fact]
    public void Open_NothingToRead_SaysWhatIsExpected()
    {
        Write("readme.txt", "x");

        var missing = Assert.Throws<StorageException>(() => JsonLines.Open(Source, JsonLines.C4));

        Assert.Contains(".jsonl", missing.Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => JsonLines.Open(_directory.Combine("nowhere"), JsonLines.C4));
        Assert.Throws<ArgumentException>(() => JsonLines.Open(Source, []));
        Assert.Throws<FormatException>(() => TextField.Parse("a=b..c"));
    }

    [Fact]
    public void Open_Shuffled_IsRefused()
    {
        Write("a.jsonl", C4(0, 7));

        Assert.Throws<ArgumentException>(
            () => RawConverter.Open(JsonLines.Open(Source, JsonLines.C4), Output, Options with { Shuffle = true }));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private static bool HasZstd()
    {
        try
        {
            return CompressionCodecs.Get("zstd") is not null;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static string C4(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(i =>
        $$"""{"text": "text {{i}} ä", "timestamp": "2019-04-{{i}}", "url": "https:\/\/example.org\/{{i}}"}""" + "\n"));

    private void Write(string name, string content) => File.WriteAllText(_directory.Combine("source", name), content);

    private void Gzip(string name, string content)
    {
        using var file = new GZipStream(File.Create(_directory.Combine("source", name)), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(content));
    }

    private sealed class Recorder(List<ConversionProgress> reports) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
