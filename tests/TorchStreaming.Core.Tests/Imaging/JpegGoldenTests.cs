// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

/// <summary>Compares JPEG decoding with Pillow: every byte equal.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class JpegGoldenTests
{
    [GoldenFact(NeedsTurboJpeg = true)]
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

            var stored = golden.Mode == "CMYK" ? ReadInks(golden, pixels) : ToStored(golden, pixels, plan.BytesPerPixel);
            Assert.True(golden.DecodedSha256 == stored.Sha256, $"{golden.Name} differs from what Pillow decodes.");
            modes.Add(golden.Mode);
        }

        GoldenData.AssertCount(0, ((string[])["CMYK", "L", "RGB"]).Except(modes).Count());
    }

    /// <summary>Undoes the conversion to RGB, which loses nothing of gray and colors.</summary>
    private static PixelImage ToStored(GoldenJpeg golden, byte[] pixels, int bytesPerPixel)
    {
        var count = golden.Width * golden.Height;
        var channels = golden.Mode == "L" ? 1 : 3;
        var stored = new byte[count * channels];
        for (var i = 0; i < count; i++)
        {
            var pixel = pixels.AsSpan(i * bytesPerPixel, 3);
            Assert.True(channels == 3 || (pixel[0] == pixel[1] && pixel[1] == pixel[2]), golden.Name);
            pixel[..channels].CopyTo(stored.AsSpan(i * channels));
        }

        return new PixelImage(golden.Width, golden.Height, channels, stored);
    }

    /// <summary>Reads the four inks, which pixels with black ink do not give back, and checks that they make the decoded pixels.</summary>
    private static unsafe PixelImage ReadInks(GoldenJpeg golden, byte[] pixels)
    {
        const int cmyk = 11;
        var inks = new byte[golden.Width * golden.Height * 4];
        using var instance = TurboJpegHandle.CreateDecompressor(TurboJpegLibrary.Required);
        fixed (byte* source = golden.Encoded)
        fixed (byte* target = inks)
        {
            var length = new CULong((uint)golden.Encoded.Length);
            var handle = instance.DangerousGetHandle();
            Assert.Equal(0, TurboJpegLibrary.Required.Decompress(
                handle, source, length, target, golden.Width, golden.Width * 4, golden.Height, cmyk, 0));
        }

        for (var i = 0; i < inks.Length; i++)
        {
            // Files hold the paper that is left.
            inks[i] = (byte)(255 - inks[i]);
        }

        for (var i = 0; i < inks.Length; i += 4)
        {
            var paper = 255 - inks[i + 3];
            for (var channel = 0; channel < 3; channel++)
            {
                var expected = paper - (int)Math.Floor((inks[i + channel] * paper / 255.0) + 0.5);
                Assert.True(expected == pixels[i + channel], $"{golden.Name}: pixel {i / 4}, channel {channel}");
            }
        }

        return new PixelImage(golden.Width, golden.Height, 4, inks);
    }
}
