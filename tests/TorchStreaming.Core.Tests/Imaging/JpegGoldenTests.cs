// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

/// <summary>Compares JPEG decoding with Pillow: every byte equal.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class JpegGoldenTests
{
    [TurboJpegFact]
    public void Decode_EveryGoldenFile_EqualsPillow()
    {
        var modes = new HashSet<string>();
        foreach (var golden in GoldenJpegs.Read("train").Concat(GoldenJpegs.Read("val")))
        {
            using var decoder = ImageDecoders.Default.CreateDecoder();
            Assert.True(decoder.TryReadInfo(golden.Encoded, out var info), golden.Name);
            Assert.Equal((golden.Name, golden.Width, golden.Height), (golden.Name, info.Width, info.Height));
            Assert.Equal(golden.Mode switch { "L" => 1, "RGB" => 3, _ => 4 }, info.Channels);
            var plan = decoder.Plan(golden.Encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), 1);
            var pixels = new byte[plan.Size];
            decoder.Decode(golden.Encoded, plan, pixels);

            var stored = ToStored(golden, pixels, plan.BytesPerPixel);
            Assert.True(golden.DecodedSha256 == stored.Sha256, $"{golden.Name} differs from what Pillow decodes.");
            modes.Add(golden.Mode);
        }

        Assert.Equal(["CMYK", "L", "RGB"], modes.Order(StringComparer.Ordinal));
    }

    /// <summary>Undoes the conversion to RGB. For CMYK that is possible where no pixel has black ink, which is so in the golden
    /// files.</summary>
    private static PixelImage ToStored(GoldenJpeg golden, byte[] pixels, int bytesPerPixel)
    {
        var count = golden.Width * golden.Height;
        var channels = golden.Mode switch { "L" => 1, "RGB" => 3, _ => 4 };
        var stored = new byte[count * channels];
        for (var i = 0; i < count; i++)
        {
            var pixel = pixels.AsSpan(i * bytesPerPixel, 3);
            if (channels == 1)
            {
                Assert.True(pixel[0] == pixel[1] && pixel[1] == pixel[2], golden.Name);
                stored[i] = pixel[0];
                continue;
            }

            for (var channel = 0; channel < 3; channel++)
            {
                stored[(i * channels) + channel] = channels == 4 ? (byte)(255 - pixel[channel]) : pixel[channel];
            }
        }

        return new PixelImage(golden.Width, golden.Height, channels, stored);
    }
}
