// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class VideoExtractionTests : IDisposable
{
    private const int Samples = 20;

    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 300, Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("gz")]
    public async Task ConvertAsync_VideosInside_BecomeFilesAndTheirPaths(string? compression)
    {
        var index = await WriteAsync(compression);

        var made = await RawConverter.ConvertAsync(Open(index), Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal(Enumerable.Range(0, Samples).Select(static i => $"000/{i:D3}.mp4"), samples.Select(static sample => sample["content_path"]));
        Assert.Equal(Enumerable.Range(0, Samples).Select(static i => (object)(long)i), samples.Select(static sample => sample["duration"]));
        Assert.All(Enumerable.Range(0, Samples), i => Assert.Equal(Video(i), File.ReadAllBytes(_directory.Combine("extra", "000", $"{i:D3}.mp4"))));
        Assert.Equal(
            "content_path:str duration:int videoid:str",
            string.Join(' ', made.Index.Shards[0].Schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}")));
    }

    [Fact]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers()
    {
        var index = await WriteAsync(null);
        await RawConverter.ConvertAsync(Open(index), _directory.Combine("expected"), Options with { Workers = 1 });
        var obstacle = _directory.Combine("extra", "000", "017.mp4");
        File.WriteAllBytes(obstacle, [1]);

        await Assert.ThrowsAsync<StorageException>(() => RawConverter.ConvertAsync(Open(index), Output, Options));
        File.Delete(obstacle);
        var made = await RawConverter.ConvertAsync(Open(index), Output, Options with { Workers = 5 });

        Assert.InRange(made.Resumed, 1, 17);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
        Assert.Equal(Video(17), File.ReadAllBytes(obstacle));
    }

    [Fact]
    public async Task ConvertAsync_ShardCutOff_IsAnErrorWhateverThePolicy()
    {
        var index = await WriteAsync(null);
        var path = Path.Combine(Source, index.Shards[^1].Files[0].Raw.Basename);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        await Assert.ThrowsAnyAsync<ShardFormatException>(
            () => RawConverter.ConvertAsync(Open(index), Output, Options with { OnError = SampleErrorPolicy.Skip }));
    }

    [Fact]
    public async Task Open_WhatDoesNotFit_IsRefused()
    {
        var index = await WriteAsync(null);
        var made = await RawConverter.ConvertAsync(Open(index), Output, Options);

        var refused = Assert.Throws<NotSupportedException>(() => Open(made.Index));

        Assert.Contains("content_path:str", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VideoExtraction.Open(Store(), Source, index, "s3://bucket/videos"));
        Assert.Throws<ArgumentException>(() => RawConverter.Open(Open(index), _directory.Combine("new"), Options with { Shuffle = true }));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private static byte[] Video(int number) => TestImages.MakeNoise(100 + number, number + 1);

    private async Task<DatasetIndex> WriteAsync(string? compression)
    {
        var columns = new Dictionary<string, string> { ["videoid"] = "str", ["content"] = "bytes", ["duration"] = "int" };
        await using var writer = await MdsWriter.CreateAsync(Source, columns, new DatasetWriterOptions
        {
            SizeLimit = 700,
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
        });
        for (var i = 0; i < Samples; i++)
        {
            await writer.WriteAsync(new Dictionary<string, object?>
            {
                ["videoid"] = i.ToString(CultureInfo.InvariantCulture),
                ["content"] = Video(i),
                ["duration"] = (long)i,
            });
        }

        return await writer.CompleteAsync();
    }

    private IObjectStore Store() => ObjectStoreResolver.Default.Open(Source);

    private VideoExtraction Open(DatasetIndex index) => VideoExtraction.Open(Store(), Source, index, _directory.Combine("extra"));
}
