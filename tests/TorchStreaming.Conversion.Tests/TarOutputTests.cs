// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

/// <summary>Raw data that becomes tars instead of MDS shards.</summary>
public sealed class TarOutputTests : IDisposable
{
    private const int Images = 14;

    private static readonly ImageFolderConverterOptions Options = new()
    {
        Format = ShardFormats.Tar, Hashes = ["sha1"], SizeLimit = ByteSize.KiB(8), Workers = 2,
    };

    /// <summary>An image as far as its head tells.</summary>
    private static readonly byte[] Jpeg =
    [
        0xFF, 0xD8,
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3,
        0xFF, 0xD9,
    ];

    private readonly TemporaryDirectory _directory = new();

    public TarOutputTests()
    {
        for (var i = 0; i < Images; i++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ImagePath(i))!);
            File.WriteAllBytes(ImagePath(i), Jpeg);
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("gz")]
    public async Task ConvertAsync_ImageFolder_MakesTarsOfImagesAndClassesThatAreADataSet(string? compression)
    {
        var options = Options with { CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression) };

        var made = await ConvertAsync(options);

        Assert.True(made.Index.Shards.Length > 1);
        Assert.Equal(["__key__", "jpg", "cls"], made.Index.Shards[0].Schema.Columns.Select(static column => column.Name));
        await using var dataset = await StreamingDataset.OpenAsync(
            Output, new StreamingDatasetOptions { Local = _directory.Combine("cache"), World = World.Single });
        var classes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < dataset.Count; i++)
        {
            using var sample = dataset[i];
            classes.Add(Encoding.UTF8.GetString(sample.Bytes("__key__")), Encoding.UTF8.GetString(sample.Bytes("cls")));
            Assert.Equal(Jpeg, sample.Bytes("jpg").ToArray());
        }

        Assert.Equal(Enumerable.Range(0, Images).Select(static i => i.ToString("D9", CultureInfo.InvariantCulture)), classes.Keys);
        Assert.Equal(Enumerable.Range(0, Images).Select(static i => i < Images / 2 ? "0" : "1"), classes.Values);
    }

    [Fact]
    public async Task ConvertAsync_Tars_AreWhatWebDatasetExpects()
    {
        var made = await ConvertAsync(Options with { Shuffle = false, SizeLimit = ByteSize.MiB(1) });

        var tar = Path.Combine(Output, "shard-000000.tar");
        Assert.Equal(tar, Path.Combine(Output, made.Index.Shards[0].Files[1].Raw.Basename));
        Assert.Equal(
            Enumerable.Range(0, Images).SelectMany(static i => new[] { $"{i:D9}.jpg", $"{i:D9}.cls" }),
            TarContents.ReadFile(tar).Select(static member => member.Name));
    }

    [Fact]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers()
    {
        await ConvertAsync(Options with { Workers = 1 }, "expected");
        var plan = new ConversionPlan(new ImageFolderSource(ImageFolder.Scan(Source), Options), Options);
        var last = plan.ItemAt(Images - 1);
        File.WriteAllBytes(ImagePath(last), Jpeg[..^2]);

        await Assert.ThrowsAsync<SampleDecodeException>(() => ConvertAsync(Options));
        File.WriteAllBytes(ImagePath(last), Jpeg);
        var made = await ConvertAsync(Options with { Workers = 5 });

        Assert.InRange(made.Resumed, 1, Images - 1);
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_OverADataSetOfTheOtherFormat_LeavesNothingOfIt()
    {
        await ConvertAsync(Options with { Format = ShardFormats.Mds });
        await ConvertAsync(Options with { Overwrite = true });
        Assert.Empty(Directory.GetFiles(Output, "*.mds"));

        await ConvertAsync(Options with { Format = ShardFormats.Mds, Overwrite = true });

        Assert.Empty(Directory.GetFiles(Output, "*.tar*"));
    }

    [Fact]
    public async Task ConvertAsync_Texts_BecomeFilesNumberedByTheirLines()
    {
        File.WriteAllText(_directory.Combine("a.jsonl"), """{"text": "one ä"}""" + "\nno JSON\n" + """{"text": "two"}""");

        var source = JsonLines.Open(_directory.Combine("a.jsonl"), JsonLines.TextOnly);
        await RawConverter.ConvertAsync(
            source, Output, new RawConverterOptions { Format = ShardFormats.Tar, OnError = SampleErrorPolicy.Skip });

        var members = TarContents.ReadFile(Path.Combine(Output, "shard-000000.tar"));
        Assert.Equal(["000000000.text.txt", "000000002.text.txt"], members.Select(static member => member.Name));
        Assert.Equal("one ä", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(members[0].Content)));
    }

    [Fact]
    public void Open_WhatTarsCannotHold_IsRefusedAtOnce()
    {
        File.WriteAllBytes(_directory.Combine("test_batch.bin"), new byte[3073]);
        var pixels = Cifar10Batches.Open(_directory.Combine(""), "test");

        var refused = Assert.Throws<NotSupportedException>(
            () => RawConverter.Open(pixels, Output, new RawConverterOptions { Format = ShardFormats.Tar }));
        Assert.Contains("'x' has the encoding 'pil'", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RawConverter.Open(pixels, Output, new RawConverterOptions { Format = "csv" }));
        Assert.False(Directory.Exists(Output));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private async Task<RawConversion> ConvertAsync(ImageFolderConverterOptions options, string output = "out") =>
        await ImageFolderConverter.ConvertAsync(ImageFolder.Scan(Source), _directory.Combine(output), options);

    private string ImagePath(int number) => _directory.Combine("source", number < Images / 2 ? "cat" : "dog", $"{number:D2}.jpg");
}
