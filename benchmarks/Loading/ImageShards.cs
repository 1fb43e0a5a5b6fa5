// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;

namespace TorchStreaming.Benchmarks.Loading;

/// <summary>A dataset of JPEG files of about ImageNet's size, made once for a run of a benchmark.</summary>
internal sealed class ImageShards : IDisposable
{
    public const int ImageCount = 2000;

    private readonly string _folder = Directory.CreateTempSubdirectory("torchstreaming-benchmark-").FullName;

    private ImageShards()
    {
    }

    /// <summary>Gets the folder of the shards.</summary>
    public string Location => Path.Combine(_folder, "mds");

    public static async Task<ImageShards> CreateAsync()
    {
        var shards = new ImageShards();
        var images = Path.Combine(shards._folder, "images");
        await SyntheticImageFolder.CreateAsync(
            images, new SyntheticImageFolderOptions { Images = ImageCount, MinimumSize = 375, MaximumSize = 500, Quality = 92 });
        await ImageFolderConverter.ConvertAsync(ImageFolder.Scan(images), shards.Location);
        return shards;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
