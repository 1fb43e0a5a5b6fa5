// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class Cifar10BatchesTests : IDisposable
{
    private const int PerBatch = 6;

    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = ByteSize.KiB(8), Workers = 2, Shuffle = true };

    private readonly TemporaryDirectory _directory = new();

    public Cifar10BatchesTests()
    {
        Directory.CreateDirectory(Source);
        for (var batch = 1; batch <= 5; batch++)
        {
            WriteBatch($"data_batch_{batch}.bin", batch);
        }

        WriteBatch("test_batch.bin", 9);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_Train_HoldsEveryImageOnceWithItsPixelsInterleaved()
    {
        var made = await RawConverter.ConvertAsync(Cifar10Batches.Open(Source, "train"), Output, Options);

        var samples = RawSamples.Read(made);
        Assert.Equal(Enumerable.Range(0, 30).Select(static i => (long)i), samples.Select(sample => (long)sample["i"]!).Order());
        Assert.NotEqual(0L, samples[0]["i"]);
        Assert.All(samples, sample =>
        {
            var number = (int)(long)sample["i"]!;
            Assert.Equal(number % PerBatch, (long)sample["y"]!);
            Assert.Equal(Expected((number / PerBatch) + 1, number % PerBatch), (byte[])sample["x"]!);
        });
        Assert.Contains("\"airplane\"", File.ReadAllText(Path.Combine(Output, "classes.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertAsync_Test_IsTheTestBatchAlone()
    {
        var made = await RawConverter.ConvertAsync(Cifar10Batches.Open(Source, "test"), Output, Options with { Shuffle = false });

        Assert.Equal(Enumerable.Range(0, PerBatch).Select(image => Expected(9, image)), RawSamples.Read(made).Select(sample => (byte[])sample["x"]!));
    }

    [Fact]
    public async Task ConvertAsync_StoppedByAWrongClass_ContinuesToTheSameBytes()
    {
        await RawConverter.ConvertAsync(Cifar10Batches.Open(Source, "train"), _directory.Combine("expected"), Options with { Workers = 1 });
        var path = _directory.Combine("source", "data_batch_3.bin");
        var good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. good[..(2 * 3073)], 10, .. good[((2 * 3073) + 1)..]]);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(
            () => RawConverter.ConvertAsync(Cifar10Batches.Open(Source, "train"), Output, Options));
        Assert.Equal(path, failure.Location.File);
        Assert.Contains("record 2: The class is 10", failure.Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, good);
        await RawConverter.ConvertAsync(Cifar10Batches.Open(Source, "train"), Output, Options with { Workers = 7 });

        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public void Open_PythonVersion_IsRefusedWithTheReasonAndTheWay()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllBytes(Path.Combine(Output, "data_batch_1"), [0x80, 2]);

        var refused = Assert.Throws<NotSupportedException>(() => Cifar10Batches.Open(Output, "train"));

        Assert.Contains("pickles", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cifar-10-binary.tar.gz", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoWholeRecordsNoFilesNoSplit_AreRefused()
    {
        File.AppendAllText(_directory.Combine("source", "test_batch.bin"), "x");

        Assert.Contains("test_batch.bin", Assert.Throws<StorageException>(() => Cifar10Batches.Open(Source, "test")).Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => Cifar10Batches.Open(_directory.Path, "train"));
        Assert.Throws<ArgumentException>(() => Cifar10Batches.Open(Source, "val"));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private static byte Value(int batch, int image, int channel, int pixel) => (byte)((batch * 50) + (image * 7) + (channel * 3) + pixel);

    private static byte[] Expected(int batch, int image) => RawImage.EncodeRgb(
        [.. Enumerable.Range(0, 1024).SelectMany(pixel => Enumerable.Range(0, 3).Select(channel => Value(batch, image, channel, pixel)))], 32, 32);

    private void WriteBatch(string name, int batch) => File.WriteAllBytes(
        _directory.Combine("source", name),
        [.. Enumerable.Range(0, PerBatch).SelectMany(image => (IEnumerable<byte>)
        [
            (byte)image,
            .. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, 1024).Select(pixel => Value(batch, image, channel, pixel))),
        ])]);
}
