// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class LaionTarsTests : IDisposable
{
    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 900, Workers = 2 };

    /// <summary>An image as far as its head tells.</summary>
    private static readonly byte[] Jpeg =
    [
        0xFF, 0xD8,
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3,
        0xFF, 0xD9,
    ];

    private readonly TemporaryDirectory _directory = new();

    public LaionTarsTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_Tars_HoldWhatImg2DatasetKnows()
    {
        Write("00001.tar", new TarBytes()
            .Add("000010000.jpg", Jpeg)
            .Add("000010000.json", """{"key": "000010000", "similarity": NaN, "width": 256, "NSFW": null, "caption": null}""")
            .Add("000010000.txt", "from the text ä"));
        Write("00000.tar", new TarBytes()
            .Add("000000003.json", """
                {"NSFW": "UNLIKELY", "similarity": 0.3125, "LICENSE": "?", "caption": "a \u00e4", "url": "u", "key": "000000003", "status": "success",
                 "error_message": null, "width": 256, "height": 255, "original_width": 1024.0, "original_height": 1023, "exif": "{\"a\": 1}", "sha256": "x"}
                """)
            .Add("000000003.jpg", Jpeg)
            .Add("000000003.txt", "other"));

        var made = await RawConverter.ConvertAsync(LaionTars.Open(Source), Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal(2, samples.Count);
        var (one, two) = (samples[0], samples[1]);
        Assert.Equal(("UNLIKELY", 0.3125, "?", "a ä", "u"), (one["nsfw"], one["similarity"], one["license"], one["caption"], one["url"]));
        Assert.Equal(("000000003", "success", "", "{\"a\": 1}"), (one["key"], one["status"], one["error_message"], one["exif"]));
        Assert.Equal((256, 255, 1024, 1023), (one["width"], one["height"], one["original_width"], one["original_height"]));
        Assert.Equal(Jpeg, (byte[])one["jpg"]!);
        Assert.Equal(("", double.NaN, "", "from the text ä", 256, 0), (
            two["nsfw"], two["similarity"], two["license"], two["caption"], two["width"], two["original_height"]));
        Assert.Equal(
            "caption:str error_message:str exif:str height:int32 jpg:bytes key:str license:str nsfw:str original_height:int32 "
            + "original_width:int32 similarity:float64 status:str url:str width:int32",
            string.Join(' ', made.Index.Shards[0].Schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}")));
    }

    [Fact]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers()
    {
        WriteUsual("00000.tar", 0, 10);
        WriteUsual("00001.tar", 10, 10);
        await RawConverter.ConvertAsync(LaionTars.Open(Source), _directory.Combine("expected"), Options with { Workers = 1 });
        WriteUsual("00001.tar", 10, 10, damaged: 17);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(LaionTars.Open(Source), Output, Options));
        Assert.Equal(_directory.Combine("source", "00001.tar"), failure.Location.File);
        Assert.Contains("sample '17'", failure.Message, StringComparison.Ordinal);
        WriteUsual("00001.tar", 10, 10);
        var made = await RawConverter.ConvertAsync(LaionTars.Open(Source), Output, Options with { Workers = 5 });

        Assert.InRange(made.Resumed, 1, 17);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Theory]
    [InlineData("jpg", """{"key": "1"}""", "There is no '1.json'")]
    [InlineData("json", """{"key": "1"}""", "There is no '1.jpg'")]
    [InlineData("", """{"key": """, "JSON")]
    [InlineData("", "[1]", "is no object")]
    [InlineData("", """{"url": 7}""", "'url' is no text but number")]
    [InlineData("", """{"width": "7"}""", "'width' is no number but string")]
    [InlineData("", """{"width": 7.5}""", "'width' is 7.5")]
    [InlineData("", """{"width": 1e300}""", "no size in pixels")]
    [InlineData("", """{"url": "\ud800"}""", "no valid Unicode")]
    public async Task ConvertAsync_DamagedSample_IsNamedOrSkipped(string only, string json, string problem)
    {
        var tar = new TarBytes().Add("0.jpg", Jpeg).Add("0.json", "{}");
        tar = only == "json" ? tar : tar.Add("1.jpg", Jpeg);
        Write("00000.tar", only == "jpg" ? tar : tar.Add("1.json", json));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(LaionTars.Open(Source), Output, Options));
        var made = await RawConverter.ConvertAsync(
            LaionTars.Open(Source), Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Contains("sample '1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Equal("00000.tar, sample '1'", Assert.Single(made.Skipped).File);
        Assert.Equal("0", Assert.Single(RawSamples.Read(made))["key"]);
    }

    [Fact]
    public async Task ConvertAsync_TarCutOff_IsAnErrorWhateverThePolicy()
    {
        WriteUsual("00000.tar", 0, 4);
        var path = _directory.Combine("source", "00000.tar");
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length - 1024; length += 700)
        {
            File.WriteAllBytes(path, whole[..length]);

            await Assert.ThrowsAsync<ShardFormatException>(() => RawConverter.ConvertAsync(
                LaionTars.Open(Source), Output, Options with { OnError = SampleErrorPolicy.Skip, Overwrite = true }));
        }

        Assert.Throws<StorageException>(() => LaionTars.Open(Source, "1*"));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private void Write(string name, TarBytes tar) => File.WriteAllBytes(_directory.Combine("source", name), tar.ToArray());

    private void WriteUsual(string name, int first, int count, int damaged = -1)
    {
        var tar = new TarBytes();
        for (var i = first; i < first + count; i++)
        {
            tar.Add($"{i}.jpg", Jpeg).Add($"{i}.json", $$"""{"url": {{(i == damaged ? "11" : "\"\"")}}, "caption": "text {{i}}"}""").Add($"{i}.txt", "");
        }

        Write(name, tar);
    }
}
