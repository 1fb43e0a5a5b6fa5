// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class WebVidTableTests : IDisposable
{
    private const int Rows = 12;

    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 900, Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public WebVidTableTests()
    {
        Directory.CreateDirectory(_directory.Combine("videos", "page"));
        for (var i = 0; i < Rows; i++)
        {
            File.WriteAllBytes(VideoPath(i), Video(i));
        }

        Write(Usual);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_Inside_HoldsRowsAndVideos()
    {
        Write("videoid,name,page_idx,page_dir,duration,contentUrl\r\n"
            + "1,\"Gray \"\"cat\"\",\nasleep\",7,page,PT01H02M03S,https://example.org/1.mp4\r\n"
            + "\r\n"
            + "2,5\" screen ä,8,elsewhere,PT00H00M10S,u\r\n");
        File.Move(VideoPath(2), _directory.Combine("videos", "2.mp4"));

        var made = await RawConverter.ConvertAsync(Open(), Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal(2, samples.Count);
        Assert.Equal(
            ("1", "Gray \"cat\",\nasleep", "7", "page", 3723L, "https://example.org/1.mp4"),
            (samples[0]["videoid"], samples[0]["name"], samples[0]["page_idx"], samples[0]["page_dir"], samples[0]["duration"], samples[0]["contentUrl"]));
        Assert.Equal("5\" screen ä", samples[1]["name"]);
        Assert.Equal(Video(1), (byte[])samples[0]["content"]!);
        Assert.Equal(Video(2), (byte[])samples[1]["content"]!);
        Assert.Equal(
            "content:bytes contentUrl:str duration:int name:str page_dir:str page_idx:str videoid:str",
            string.Join(' ', made.Index.Shards[0].Schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}")));
    }

    [Fact]
    public async Task ConvertAsync_TableWithoutPageIndex_HasEmptyOnes()
    {
        Write("videoid,contentUrl,duration,page_dir,name\n3,u,PT00H00M01S,page,n\n");

        Assert.Equal("", Assert.Single(RawSamples.Read(await RawConverter.ConvertAsync(Open(), Output, Options)))["page_idx"]);
    }

    [Fact]
    public async Task ConvertAsync_Outside_CopiesVideosUnderTheNumbersOfTheRows()
    {
        File.Delete(VideoPath(4));

        var made = await RawConverter.ConvertAsync(OpenOutside(), Output, Options with { OnError = SampleErrorPolicy.Skip });

        var samples = RawSamples.Read(made);
        Assert.Equal("webvid.csv, line 6", Assert.Single(made.Skipped).File);
        Assert.Equal(
            Enumerable.Range(0, Rows).Where(static i => i != 4).Select(static i => $"000/{i:D3}.mp4"),
            samples.Select(static sample => sample["content_path"]));
        Assert.All(samples, sample => Assert.Equal(
            Video(int.Parse((string)sample["videoid"]!, null)), File.ReadAllBytes(_directory.Combine("extra", (string)sample["content_path"]!))));
        Assert.Equal(Rows - 1, Directory.GetFiles(_directory.Combine("extra"), "*", SearchOption.AllDirectories).Length);
        Assert.Equal(
            "contentUrl:str content_path:str duration:int name:str page_dir:str page_idx:str videoid:str",
            string.Join(' ', made.Index.Shards[0].Schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}")));
        var options = OpenOutside().DefaultOptions;
        Assert.Equal(
            ("zstd:16", "sha1,xxh3_64", ByteSize.MiB(32)), (options.Compression!.ToString(), string.Join(',', options.Hashes), options.SizeLimit));
    }

    [Fact]
    public async Task ConvertAsync_AnotherFileInAVideosPlace_StopsUnlessItMayGo()
    {
        Directory.CreateDirectory(_directory.Combine("extra", "000"));
        var path = _directory.Combine("extra", "000", "003.mp4");
        var other = Video(3);
        other[^1]++;
        File.WriteAllBytes(path, other);

        var failure = await Assert.ThrowsAsync<StorageException>(() => RawConverter.ConvertAsync(OpenOutside(), Output, Options));
        Assert.Equal((StorageErrorKind.PreconditionFailed, path), (failure.Kind, failure.Location));
        Assert.Equal(other, File.ReadAllBytes(path));
        await RawConverter.ConvertAsync(OpenOutside(overwrite: true), Output, Options);

        Assert.Equal(Video(3), File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers(bool outside)
    {
        var source = outside ? OpenOutside : (Func<bool, WebVidTable>)(_ => Open());
        await RawConverter.ConvertAsync(source(false), _directory.Combine("expected"), Options with { Workers = 1 });
        File.Delete(VideoPath(10));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(source(false), Output, Options));
        Assert.Contains("line 12: The video is missing: there is neither 'page/10.mp4' nor '10.mp4'", failure.Message, StringComparison.Ordinal);
        File.WriteAllBytes(VideoPath(10), Video(10));
        var made = await RawConverter.ConvertAsync(source(false), Output, Options with { Workers = 5 });

        Assert.InRange(made.Resumed, 1, 10);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Theory]
    [InlineData("3,name 3,1,page,PT00H00M03S,u", "3,name 3,1,page,3s,u", "line 5: The duration is '3s'")]
    [InlineData("3,name 3,1,page,PT00H00M03S,u", "3,name 3,1,page", "line 5: The row has 4 fields, not 6")]
    [InlineData("3,name 3,1,page,PT00H00M03S,u", "../secret,name 3,1,page,PT00H00M03S,u", "line 5: The video is missing")]
    [InlineData("3,name 3,1,page,PT00H00M03S,u", "/secret,name 3,1,,PT00H00M03S,u", "line 5: The video is missing")]
    [InlineData("name 3", "\u0001", "line 5: The text is no UTF-8")]
    public async Task ConvertAsync_DamagedRow_IsNamedOrSkipped(string usual, string damaged, string problem)
    {
        File.WriteAllBytes(_directory.Combine("secret.mp4"), Video(0));
        Write(Usual.Replace(usual, damaged, StringComparison.Ordinal));
        var bytes = File.ReadAllBytes(Table);
        bytes.AsSpan().Replace((byte)1, (byte)0xFF);
        File.WriteAllBytes(Table, bytes);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, Options));
        var made = await RawConverter.ConvertAsync(Open(), Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Equal(Table, failure.Location.File);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Equal("webvid.csv, line 5", Assert.Single(made.Skipped).File);
    }

    [Fact]
    public async Task ConvertAsync_QuoteNeverClosed_IsAnErrorThatNamesItsLineWhateverThePolicy()
    {
        Write(Usual + "9,\"open,1,page,PT00H00M03S,u\n" + new string('\n', 100_000));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => RawConverter.ConvertAsync(Open(), Output, Options with { OnError = SampleErrorPolicy.Skip }));

        Assert.Contains("line 14: a double quote is opened and not closed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertAsync_EmptyVideo_IsADamagedItem()
    {
        File.WriteAllBytes(VideoPath(3), []);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, Options));

        Assert.Contains("The file is empty", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatDoesNotFit_IsNamed()
    {
        Write("videoid,contentUrl,page_dir,name\n");
        Assert.Contains("no column 'duration'", Assert.Throws<SampleDecodeException>(Open).Message, StringComparison.Ordinal);
        Write("");
        Assert.Throws<SampleDecodeException>(Open);
        Assert.Throws<StorageException>(() => WebVidTable.Open(_directory.Combine("nothing.csv"), Videos));
        Assert.Throws<StorageException>(() => WebVidTable.Open(Table, _directory.Combine("nowhere")));
        Assert.Throws<ArgumentException>(() => WebVidTable.OpenOutside(Table, Videos, Videos));
        Assert.Throws<ArgumentException>(() => WebVidTable.OpenOutside(Table, Videos, "s3://bucket/videos"));
    }

    private static string Usual { get; } = "videoid,name,page_idx,page_dir,duration,contentUrl\n"
        + string.Concat(Enumerable.Range(0, Rows).Select(static i => $"{i},name {i},1,page,PT00H00M0{i % 10}S,u\n"));

    private string Table => _directory.Combine("webvid.csv");

    private string Videos => _directory.Combine("videos");

    private string Output => _directory.Combine("out");

    private static byte[] Video(int number) => TestImages.MakeNoise(200 + number, number + 1);

    private string VideoPath(int number) => _directory.Combine("videos", "page", $"{number}.mp4");

    private void Write(string table) => File.WriteAllText(Table, table);

    private WebVidTable Open() => WebVidTable.Open(Table, Videos);

    private WebVidTable OpenOutside(bool overwrite = false) => WebVidTable.OpenOutside(Table, Videos, _directory.Combine("extra"), overwrite);
}
