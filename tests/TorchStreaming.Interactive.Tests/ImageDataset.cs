// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Interactive.Tests;

/// <summary>Samples with a number, a little image and a text, in one shard.</summary>
internal static class ImageDataset
{
    /// <summary>The height and width of the images.</summary>
    public const int Side = 16;

    /// <summary>Writes so many.</summary>
    public static async Task WriteAsync(string directory, int count)
    {
        var columns = new Dictionary<string, string> { ["id"] = "int", ["image"] = "png", ["text"] = "str" };
        await using var writer = await MdsWriter.CreateAsync(directory, columns);
        var png = new MemoryStream();
        PngWriter.WriteRgb(png, new byte[Side * Side * 3], Side, Side);
        for (var id = 0; id < count; id++)
        {
            writer.Row.Set("id", (long)id);
            writer.Row.SetBytes("image", png.ToArray());
            writer.Row.Set("text", $"<b>{id}</b>");
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }
}
