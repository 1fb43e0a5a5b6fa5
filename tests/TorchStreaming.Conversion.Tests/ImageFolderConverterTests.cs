// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text.Json;
using TorchStreaming.Conversion;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class ImageFolderConverterTests : IDisposable
{
    private static readonly ImageFolderConverterOptions Options =
        new() { Hashes = ["sha256", "sha1"], SizeLimit = ByteSize.KiB(4), Workers = 2 };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_ImageFolder_HoldsEveryImageOnceWithNumberAndLabel()
    {
        var source = await MakeSourceAsync();

        var made = await ImageFolderConverter.ConvertAsync(source, Output, Options);

        Assert.Equal(source.Images.Length, made.Index.SampleCount);
        Assert.True(made.Index.Shards.Length > 3);
        Assert.Empty(made.Skipped);
        var samples = ReadSamples(made);
        Assert.NotEqual(Enumerable.Range(0, source.Images.Length).Select(i => (long)i), samples.Select(sample => sample.I));
        Assert.Equal(Enumerable.Range(0, source.Images.Length).Select(i => (long)i), samples.Select(sample => sample.I).Order());
        Assert.All(samples, sample =>
        {
            var image = source.Images[(int)sample.I];
            Assert.Equal(image.Label, sample.Y);
            Assert.Equal(File.ReadAllBytes(Path.Combine(source.Directory, image.Path)), sample.X);
        });
    }

    [Fact]
    public async Task ConvertAsync_Index_NamesColumnsHashesAndLimitAsUpstreamsConverter()
    {
        var made = await ImageFolderConverter.ConvertAsync(await MakeSourceAsync(), Output, Options);

        using var index = JsonDocument.Parse(File.ReadAllBytes(_directory.Combine("out", "index.json")));
        var shard = index.RootElement.GetProperty("shards")[0];
        Assert.Equal("""["i", "x", "y"]""", shard.GetProperty("column_names").GetRawText());
        Assert.Equal("""["int", "pil", "int"]""", shard.GetProperty("column_encodings").GetRawText());
        Assert.Equal("[8, null, 8]", shard.GetProperty("column_sizes").GetRawText());
        Assert.Equal("""["sha1", "sha256"]""", shard.GetProperty("hashes").GetRawText());
        Assert.Equal(4096, shard.GetProperty("size_limit").GetInt32());
        Assert.All(made.Index.Shards, info => Assert.InRange(info.RawBytes, 1, 4096));
    }

    [Fact]
    public async Task ConvertAsync_Shards_AreThoseOfTheWriter()
    {
        var source = await MakeSourceAsync();
        await ImageFolderConverter.ConvertAsync(source, Output,
            Options with { Shuffle = false, Compression = "gz:6" });

        var columns = new Dictionary<string, string> { ["i"] = "int", ["x"] = "pil", ["y"] = "int" };
        var options = new DatasetWriterOptions
        {
            Compression = "gz:6",
            Hashes = ["sha1", "sha256"],
            SizeLimit = Options.SizeLimit,
        };
        await using (var writer = await MdsWriter.CreateAsync(_directory.Combine("expected"), columns, options))
        {
            for (var i = 0; i < source.Images.Length; i++)
            {
                var x = File.ReadAllBytes(Path.Combine(source.Directory, source.Images[i].Path));
                await writer.WriteAsync(
                    new Dictionary<string, object?> { ["i"] = (long)i, ["x"] = x, ["y"] = (long)source.Images[i].Label });
            }

            await writer.CompleteAsync();
        }

        var expected = DirectoryContents.Digest(_directory.Combine("expected"));
        var actual = DirectoryContents.Digest(Output);
        Assert.True(actual.Remove("classes.json"));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task ConvertAsync_AnyNumberOfWorkers_WritesTheSameBytes()
    {
        var source = await MakeSourceAsync();
        await ImageFolderConverter.ConvertAsync(source, _directory.Combine("1"), Options with { Workers = 1 });
        await ImageFolderConverter.ConvertAsync(source, _directory.Combine("7"), Options with { Workers = 7 });

        Assert.Equal(DirectoryContents.Digest(_directory.Combine("1")), DirectoryContents.Digest(_directory.Combine("7")));
    }

    [Fact]
    public async Task ConvertAsync_AnotherSeed_WritesAnotherOrder()
    {
        var source = await MakeSourceAsync();
        var one = await ImageFolderConverter.ConvertAsync(source, _directory.Combine("1"), Options with { ShuffleSeed = 1 });
        var two = await ImageFolderConverter.ConvertAsync(source, _directory.Combine("2"), Options with { ShuffleSeed = 2 });

        Assert.NotEqual(ReadSamples(one).Select(sample => sample.I), ReadSamples(two).Select(sample => sample.I));
    }

    [Fact]
    public async Task ConvertAsync_Classes_AreWrittenBesideTheIndex()
    {
        await ImageFolderConverter.ConvertAsync(await MakeSourceAsync(), Output, Options);

        Assert.Equal("""["circle","square","triangle"]""", File.ReadAllText(_directory.Combine("out", "classes.json")));
    }

    [Fact]
    public async Task ConvertAsync_SampleAboveTheLimit_GetsAShardOfItsOwn()
    {
        var made = await ImageFolderConverter.ConvertAsync(await MakeSourceAsync(), Output, Options with { SizeLimit = 1 });

        Assert.All(made.Index.Shards, shard => Assert.Equal(1, shard.SampleCount));
        Assert.Equal(40, ReadSamples(made).Count);
    }

    [Fact]
    public async Task ConvertAsync_Progress_IsMonotoneAndEndsComplete()
    {
        var reports = new List<ConversionProgress>();
        var made = await ImageFolderConverter.ConvertAsync(await MakeSourceAsync(), Output, Options, new Recorder(reports));

        Assert.Equal(new ConversionProgress(0, 40, 0, 0), reports[0]);
        Assert.Equal(new ConversionProgress(40, 40, 0, made.Index.StoredBytes), reports[^1]);
        Assert.All(reports.Zip(reports.Skip(1)),
            pair => Assert.True(pair.Second.Done >= pair.First.Done && pair.Second.Bytes >= pair.First.Bytes));
    }

    [Fact]
    public async Task ConvertAsync_OutputWithContent_IsRefusedAndNotTouched()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(_directory.Combine("out", "mine.txt"), "keep");
        var source = await MakeSourceAsync();

        var refused = await Assert.ThrowsAsync<StorageException>(() => ImageFolderConverter.ConvertAsync(source, Output, Options));

        Assert.Equal(StorageErrorKind.PreconditionFailed, refused.Kind);
        Assert.Equal(["mine.txt"], Directory.GetFiles(Output).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ConvertAsync_CompleteOutput_IsRefusedOrOverwritten()
    {
        var source = await MakeSourceAsync();
        await ImageFolderConverter.ConvertAsync(source, Output, Options);
        var before = DirectoryContents.Digest(Output);
        var refused = await Assert.ThrowsAsync<StorageException>(() => ImageFolderConverter.ConvertAsync(source, Output, Options));
        Assert.Contains("already holds a dataset", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, DirectoryContents.Digest(Output));

        File.WriteAllText(_directory.Combine("out", "mine.txt"), "keep");
        await ImageFolderConverter.ConvertAsync(source, Output, Options with { Overwrite = true, SizeLimit = ByteSize.KiB(64) });
        Assert.Equal(
            ["classes.json", "index.json", "mine.txt", "shard.00000.mds"],
                Directory.GetFiles(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Open_WrongArguments_AreRefusedBeforeAnythingIsWritten()
    {
        var source = await MakeSourceAsync();

        Assert.Throws<ArgumentException>(() => ImageFolderConverter.Open(source, "s3://bucket/out", Options));
        Assert.Throws<ArgumentException>(() => ImageFolderConverter.Open(source, Output, Options with { Hashes = ["crc0"] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { SizeLimit = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { SizeLimit = 1L << 32 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Workers = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Resize = 0 });
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Open_OutputInUse_IsRefused()
    {
        var source = await MakeSourceAsync();
        using var first = ImageFolderConverter.Open(source, Output, Options);

        var refused = Assert.Throws<StorageException>(() => ImageFolderConverter.Open(source, Output, Options));

        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [TurboJpegFact]
    public async Task ConvertAsync_JpegWithResize_ShrinksOnlyLargerImages()
    {
        await SyntheticImageFolder.CreateAsync(
            _directory.Combine("source"), new() { Images = 12, Classes = 3, MinimumSize = 24, MaximumSize = 64, RawPixels = false });
        var source = ImageFolder.Scan(_directory.Combine("source"));

        var made = await ImageFolderConverter.ConvertAsync(source, Output, Options with { Resize = 40 });

        using var decoder = ImageDecoders.Default.CreateDecoder();
        var kept = 0;
        foreach (var sample in ReadSamples(made))
        {
            var original = File.ReadAllBytes(Path.Combine(source.Directory, source.Images[(int)sample.I].Path));
            Assert.True(decoder.TryReadInfo(original, out var before));
            Assert.True(decoder.TryReadInfo(sample.X, out var after));
            var shorter = Math.Min(before.Width, before.Height);
            if (shorter <= 40)
            {
                Assert.Equal(original, sample.X);
                kept++;
                continue;
            }

            Assert.Equal(40, Math.Min(after.Width, after.Height));
            Assert.Equal((int)(40L * Math.Max(before.Width, before.Height) / shorter), Math.Max(after.Width, after.Height));
        }

        Assert.InRange(kept, 1, 11);
        Assert.Equal("jpeg", made.Index.Shards[0].Schema.Columns[1].Encoding);
    }

    [Fact]
    public async Task ConvertAsync_RawPixelsWithResize_ShrinksThem()
    {
        var made = await ImageFolderConverter.ConvertAsync(await MakeSourceAsync(), Output, Options with { Resize = 8 });

        Assert.All(ReadSamples(made), sample =>
            Assert.Equal(8,
                Math.Min(BinaryPrimitives.ReadInt32LittleEndian(sample.X), BinaryPrimitives.ReadInt32LittleEndian(sample.X.AsSpan(4)))));
    }

    private string Output => _directory.Combine("out");

    private async Task<ImageFolder> MakeSourceAsync()
    {
        await SyntheticImageFolder.CreateAsync(
            _directory.Combine("source"), new() { Images = 40, Classes = 3, MinimumSize = 9, MaximumSize = 16, RawPixels = true });
        return ImageFolder.Scan(_directory.Combine("source"));
    }

    private static List<(long I, byte[] X, long Y)> ReadSamples(RawConversion made)
    {
        var samples = new List<(long, byte[], long)>();
        var ranges = new FieldRange[3];
        foreach (var shard in made.Index.Shards)
        {
            using var reader = ShardReaders.Open(shard, [Path.Combine(made.Directory, shard.Files[0].Raw.Basename)]);
            for (var i = 0; i < reader.SampleCount; i++)
            {
                var fields = reader.GetSample(i, ranges);
                samples.Add((BinaryPrimitives.ReadInt64LittleEndian(fields[0]),
                    fields[1].ToArray(), BinaryPrimitives.ReadInt64LittleEndian(fields[2])));
            }
        }

        return samples;
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
