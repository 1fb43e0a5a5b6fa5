// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Datasets;

/// <summary>A "remote" dataset of small images of different sizes, stored uncompressed so that no image library is needed, and local
/// folders to cache it in.</summary>
/// <remarks>Sample <c>n</c> has number <c>i = n</c>, class <c>y = n % 10</c>, and pixels that depend on <c>n</c>.</remarks>
internal sealed class ImageShardsFolder : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private int _locals;

    private ImageShardsFolder(int count) => Count = count;

    public int Count { get; }

    public string Remote => _folder.Combine("remote");

    public static ImageShardsFolder Create(int count = 60, string? compression = null, ByteSize? sizeLimit = null)
    {
        var folder = new ImageShardsFolder(count);
        folder.WriteAsync(compression, sizeLimit ?? ByteSize.KiB(12)).GetAwaiter().GetResult();
        return folder;
    }

    /// <summary>Names a local folder that nothing has used.</summary>
    public string NewLocal() => _folder.Combine($"local-{_locals++}");

    /// <summary>Opens the dataset with a cache of its own.</summary>
    public StreamingDataset Open(int batchSize = 8, bool shuffle = true, World? world = null) => StreamingDataset.Open(
        Remote,
        new StreamingDatasetOptions { Local = NewLocal(), BatchSize = batchSize, Shuffle = shuffle, World = world ?? World.Single });

    public void Dispose() => _folder.Dispose();

    public static byte[] MakePixels(int sample, out int width, out int height)
    {
        (width, height) = (20 + (sample % 7), 18 + (sample % 5));
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i * 31) + (sample * 17) + (i / width));
        }

        return pixels;
    }

    private async Task WriteAsync(string? compression, ByteSize sizeLimit)
    {
        var options = new DatasetWriterOptions
        {
            SizeLimit = sizeLimit,
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
        };
        var columns = new Dictionary<string, string> { ["i"] = "int", ["x"] = "pil", ["y"] = "int" };
        await using var writer = await MdsWriter.CreateAsync(Remote, columns, options);
        for (var n = 0; n < Count; n++)
        {
            var pixels = MakePixels(n, out var width, out var height);
            writer.Row.Set("i", (long)n);
            writer.Row.SetBytes("x", RawImage.EncodeRgb(pixels, width, height));
            writer.Row.Set("y", (long)(n % 10));
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }
}
