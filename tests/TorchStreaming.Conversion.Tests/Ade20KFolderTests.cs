// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class Ade20KFolderTests : IDisposable
{
    private const int Images = 12;

    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 600, Workers = 2, Shuffle = true };

    /// <summary>Images of 8x8 pixels as far as their heads tell.</summary>
    private static readonly byte[] Jpeg =
    [
        0xFF, 0xD8,
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3,
        0xFF, 0xD9,
    ];

    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    private readonly TemporaryDirectory _directory = new();

    public Ade20KFolderTests()
    {
        foreach (var folder in new[] { "training", "validation" })
        {
            Directory.CreateDirectory(_directory.Combine("source", "images", folder));
            Directory.CreateDirectory(_directory.Combine("source", "annotations", folder));
            for (var i = 0; i < Images; i++)
            {
                File.WriteAllBytes(ImagePath(folder, i), Jpeg);
                File.WriteAllBytes(MapPath(folder, i), Png);
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_Split_HoldsEveryPairOnce()
    {
        var made = await RawConverter.ConvertAsync(Ade20KFolder.Open(Source, "val"), Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal(
            Enumerable.Range(0, Images).Select(static i => $"ADE_{i:D8}"),
            samples.Select(static sample => Encoding.UTF8.GetString((byte[])sample["uid"]!)).Order(StringComparer.Ordinal));
        Assert.All(samples, static sample => Assert.Equal(Jpeg, (byte[])sample["x"]!));
        Assert.All(samples, static sample => Assert.Equal(Png, (byte[])sample["y"]!));
        Assert.Equal(["uid:bytes", "x:jpeg", "y:png"], made.Index.Shards[0].Schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}"));
    }

    [Fact]
    public async Task ConvertAsync_StoppedByADamagedMap_ContinuesToTheSameBytesWhateverTheWorkers()
    {
        await RawConverter.ConvertAsync(Ade20KFolder.Open(Source, "train"), _directory.Combine("expected"), Options with { Workers = 1 });
        File.WriteAllBytes(MapPath("training", 5), Jpeg);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => RawConverter.ConvertAsync(Ade20KFolder.Open(Source, "train"), Output, Options));
        Assert.Equal(MapPath("training", 5), failure.Location.File);
        Assert.Contains("where only PNG files are stored", failure.Message, StringComparison.Ordinal);
        File.WriteAllBytes(MapPath("training", 5), Png);
        await RawConverter.ConvertAsync(Ade20KFolder.Open(Source, "train"), Output, Options with { Workers = 5 });

        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_PolicySkip_LeavesThePairOut()
    {
        File.WriteAllBytes(ImagePath("training", 3), []);

        var made = await RawConverter.ConvertAsync(
            Ade20KFolder.Open(Source, "train"), Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Equal(Images - 1, made.Index.SampleCount);
        Assert.Equal("ADE_00000003.jpg", Assert.Single(made.Skipped).File);
    }

    [Fact]
    public void Open_ImageWithoutMap_NamesBoth()
    {
        File.Delete(MapPath("training", 7));

        var missing = Assert.Throws<StorageException>(() => Ade20KFolder.Open(Source, "train"));

        Assert.Contains(MapPath("training", 7), missing.Message, StringComparison.Ordinal);
        Assert.Contains(ImagePath("training", 7), missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Ade20KFolder.Open(Source, "test"));
        Assert.Throws<StorageException>(() => Ade20KFolder.Open(_directory.Combine("nowhere"), "train"));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private string ImagePath(string folder, int number) => _directory.Combine("source", "images", folder, $"ADE_{number:D8}.jpg");

    private string MapPath(string folder, int number) => _directory.Combine("source", "annotations", folder, $"ADE_{number:D8}.png");
}
