// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class EnWikiTextTests : IDisposable
{
    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 400, Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public EnWikiTextTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_Splits_HoldTheTrimmedLinesInTheOrderOfTheParts()
    {
        Write("part-00001-of-00002", "second\r\n");
        Write("part-00000-of-00002", "\tfirst ä \u3000\n\n \u00A0\u001F\nstill  first");
        Write("eval.txt", "held out\n");

        var train = await RawConverter.ConvertAsync(EnWikiText.Open(Source, "train"), _directory.Combine("train"), Options);
        var val = await RawConverter.ConvertAsync(EnWikiText.Open(Source, "val"), _directory.Combine("val"), Options);

        Assert.Equal(["first ä", "still  first", "second"], RawSamples.Read(train).Select(static sample => sample["text"]));
        Assert.Equal("held out", Assert.Single(RawSamples.Read(val))["text"]);
        Assert.Equal(("zstd:7", ByteSize.MiB(32)), (
            EnWikiText.Open(Source, "val").DefaultOptions.Compression!.ToString(), EnWikiText.Open(Source, "val").DefaultOptions.SizeLimit));
    }

    [Fact]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(static i => $"line {i} of the text\n"));
        Write("part-00000-of-00001", text);
        await RawConverter.ConvertAsync(EnWikiText.Open(Source, "train"), _directory.Combine("expected"), Options with { Workers = 1 });
        var path = _directory.Combine("source", "part-00000-of-00001");
        var bytes = File.ReadAllBytes(path);
        var at = text.IndexOf("line 80", StringComparison.Ordinal);
        (bytes[at], var good) = (0xFF, bytes[at]);
        File.WriteAllBytes(path, bytes);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => RawConverter.ConvertAsync(EnWikiText.Open(Source, "train"), Output, Options));
        Assert.Equal(path, failure.Location.File);
        Assert.Contains("line 81: The line is no UTF-8", failure.Message, StringComparison.Ordinal);
        bytes[at] = good;
        File.WriteAllBytes(path, bytes);
        var made = await RawConverter.ConvertAsync(EnWikiText.Open(Source, "train"), Output, Options with { Workers = 5 });

        Assert.InRange(made.Resumed, 1, 80);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Theory]
    [InlineData("'part-00001-of-00003' is missing", "part-00000-of-00003", "part-00002-of-00003")]
    [InlineData("'part-00002-of-00003' is missing", "part-00000-of-00003", "part-00001-of-00003")]
    [InlineData("'part-00001-of-00002' is one too many", "part-00000-of-00001", "part-00001-of-00002")]
    [InlineData("'part-00000-of-00001' is missing", "part-a-of-b")]
    [InlineData("has no file 'part-*-of-*'", "eval.txt")]
    public void Open_PartsThatDoNotFit_NamesTheFirst(string problem, params string[] names)
    {
        foreach (var name in names)
        {
            Write(name, "x");
        }

        var failure = Assert.Throws<StorageException>(() => EnWikiText.Open(Source, "train"));

        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EnWikiText.Open(Source, "test"));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private void Write(string name, string content) => File.WriteAllText(_directory.Combine("source", name), content);
}
