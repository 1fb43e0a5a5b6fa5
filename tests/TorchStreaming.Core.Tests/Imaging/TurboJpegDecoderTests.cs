// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class TurboJpegDecoderTests
{
    [TurboJpegFact]
    public void Decode_JustEncoded_IsCloseToTheOriginal()
    {
        var original = TestImages.MakeRgb(64, 48);
        using var encoder = new JpegEncoder(100, JpegSubsampling.Chroma444);

        var decoded = Decode(encoder.Encode(original, 64, 48), out var plan);

        Assert.Equal(new PixelRectangle(0, 0, 64, 48), plan.Rectangle);
        Assert.True(original.Zip(decoded, (a, b) => Math.Abs(a - b)).Max() <= 4);
    }

    [TurboJpegFact]
    public void Decode_TruncatedFile_Throws()
    {
        foreach (var progressive in new[] { false, true })
        {
            var encoded = TestImages.MakeJpeg(120, 90, progressive: progressive);
            foreach (var length in new[] { encoded.Length / 2, encoded.Length - 200, encoded.Length - 2 })
            {
                var exception = Assert.Throws<ImageDecodeException>(() => Decode(encoded.AsSpan(0, length), out _));
                Assert.Contains("truncated", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [TurboJpegFact]
    public void Decode_TruncatedAfterOtherDamage_Throws()
    {
        var encoded = TestImages.MakeJpeg(120, 90);
        var damaged = WithStrayBytes(encoded);

        Assert.Throws<ImageDecodeException>(() => Decode(damaged.AsSpan(0, damaged.Length - 2), out _));
    }

    [TurboJpegFact]
    public void Decode_StrayBytesBeforeTheEnd_IsAcceptedAsPillowDoes()
    {
        var encoded = TestImages.MakeJpeg(120, 90);

        Assert.Equal(Decode(encoded, out _), Decode(WithStrayBytes(encoded), out _));
    }

    [TurboJpegFact]
    public void Decode_AfterABrokenImage_IsNotAffected()
    {
        var encoded = TestImages.MakeJpeg(32, 32);
        var expected = Decode(encoded, out _);
        using var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        for (var length = 3; length < encoded.Length; length += 7)
        {
            Assert.Throws<ImageDecodeException>(() => Decode(decoder, encoded.AsSpan(0, length), 1, out _));

            Assert.True(expected.AsSpan().SequenceEqual(Decode(decoder, encoded, 1, out _)), $"after {length} bytes of an image");
        }
    }

    [TurboJpegFact]
    public void Decode_StrayBytesInTheHeader_IsAcceptedAsPillowDoes()
    {
        var encoded = TestImages.MakeJpeg(32, 32);
        var table = encoded.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);

        Assert.Equal(Decode(encoded, out _), Decode([.. encoded[..table], 1, 2, 3, .. encoded[table..]], out _));
    }

    [TurboJpegFact]
    public void Decode_RandomDamage_SucceedsOrThrowsTyped()
    {
        var random = new Random(99);
        var original = TestImages.MakeJpeg(80, 60);
        for (var round = 0; round < 300; round++)
        {
            var damaged = (byte[])original.Clone();
            for (var i = random.Next(1, 8); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                Decode(damaged.AsSpan(0, random.Next(damaged.Length + 1)), out _, new ImageDecoderOptions { MaxPixels = 1_000_000 });
            }
            catch (ImageDecodeException)
            {
                // What a damaged image is allowed to do.
            }
        }
    }

    [TurboJpegFact]
    public void TryReadInfo_OtherFormats_IsFalse()
    {
        using var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);

        Assert.False(decoder.TryReadInfo([], out _));
        Assert.False(decoder.TryReadInfo("not an image"u8, out _));
        Assert.False(decoder.TryReadInfo(RawImage.EncodeRgb([1, 2, 3], 1, 1), out _));
    }

    [TurboJpegFact]
    public void TryReadInfo_HeaderOnly_Throws()
    {
        using var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);

        Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo([0xFF, 0xD8, 0xFF, 0xE0], out _));
    }

    [TurboJpegFact]
    public void TryReadInfo_MorePixelsThanAllowed_ThrowsWithTheLimit()
    {
        using var decoder = TurboJpegDecoderFactory.Instance.Create(new ImageDecoderOptions { MaxPixels = 100 });
        var encoded = TestImages.MakeJpeg(16, 16);

        var exception = Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo(encoded, out _));

        Assert.Contains("16x16", exception.Message, StringComparison.Ordinal);
        Assert.Contains("100", exception.Message, StringComparison.Ordinal);
    }

    [TurboJpegFact]
    public void TryReadInfo_HugeSizeInHeader_ThrowsBeforeAnyMemoryIsTaken()
    {
        var bomb = TestImages.MakeJpeg(16, 16);
        var frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (bomb[frame + 5], bomb[frame + 6], bomb[frame + 7], bomb[frame + 8]) = (0xFF, 0xDC, 0xFF, 0xDC);
        using var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);

        Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo(bomb, out _));
    }

    [TurboJpegFact]
    public void Decode_ReducedScales_HaveThePlannedSizeAndTheSameLook()
    {
        var (width, height) = (203, 151);
        var encoded = TestImages.MakeJpeg(width, height);
        using var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        Assert.True(decoder.TryReadInfo(encoded, out var info));
        foreach (var (minimum, denominator) in new[] { (1.0, 1), (0.6, 1), (0.5, 2), (0.3, 2), (0.25, 4), (0.2, 4), (0.125, 8), (0.01, 8) })
        {
            var plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, width, height), minimum);
            var pixels = new byte[plan.Size];
            decoder.Decode(encoded, plan, pixels);

            Assert.Equal(new ImageScale(1, denominator), plan.Scale);
            Assert.True(plan.Scale.Factor >= minimum || denominator == 8);
            Assert.Equal((width + denominator - 1) / denominator, plan.Rectangle.Width);
            Assert.Equal((height + denominator - 1) / denominator, plan.Rectangle.Height);
            Assert.InRange(pixels.Average(value => value), 110, 146);
        }
    }

    [TurboJpegFact]
    public void Plan_TinyImage_IsNotReduced()
    {
        for (var edge = 1; edge < 16; edge++)
        {
            var decoded = Decode(TestImages.MakeJpeg(edge, edge), out var plan, minimumScale: 0.125);

            Assert.True(plan.Scale.IsFull);
            Assert.Equal(edge * edge * 3, decoded.Length);
        }
    }

    [TurboJpegFact]
    public void Decode_TooSmallADestination_Throws()
    {
        var encoded = TestImages.MakeJpeg(16, 16);
        using var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        Assert.True(decoder.TryReadInfo(encoded, out var info));
        var plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, 16, 16), 1);

        Assert.Throws<ArgumentException>(() => decoder.Decode(encoded, plan, new byte[plan.Size - 1]));
    }

    [TurboJpegFact]
    public void AfterDispose_Throws()
    {
        var encoded = TestImages.MakeJpeg(16, 16);
        var decoder = TurboJpegDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        decoder.Dispose();
        decoder.Dispose();

        Assert.Throws<ObjectDisposedException>(() => decoder.TryReadInfo(encoded, out _));
    }

    private static byte[] Decode(
        ReadOnlySpan<byte> encoded, out ImageDecodePlan plan, ImageDecoderOptions? options = null, double minimumScale = 1)
    {
        using var decoder = ImageDecoders.Default.CreateDecoder(options);
        return Decode(decoder, encoded, minimumScale, out plan);
    }

    private static byte[] Decode(IImageDecoder decoder, ReadOnlySpan<byte> encoded, double minimumScale, out ImageDecodePlan plan)
    {
        if (!decoder.TryReadInfo(encoded, out var info))
        {
            throw new ImageDecodeException("Not recognized.");
        }

        plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), minimumScale);
        var pixels = new byte[plan.Size];
        decoder.Decode(encoded, plan, pixels);
        return pixels;
    }

    private static byte[] WithStrayBytes(byte[] encoded) => [.. encoded[..^2], 1, 2, 3, 4, 5, 6, 7, 8, 0xFF, 0xD9];
}
