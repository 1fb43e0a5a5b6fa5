// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.TestKit;

/// <summary>Decodes raw images, and JPEG where its decoder is at hand.</summary>
internal sealed class ImageTarget : FuzzTarget
{
    private const long LargestImage = 1 << 22;

    public override string Name => "image";

    public override void Read(FuzzInput input, string scratch) => Decode(input.Files[0]);

    /// <summary>Decodes an image unless it is a large one.</summary>
    internal static void Decode(byte[] encoded)
    {
        using var decoder = ImageDecoders.Default.CreateDecoder();
        if (ImageFormats.Detect(encoded) == ImageFormat.Jpeg && !ImageDecoders.Default.CanDecode(ImageFormat.Jpeg))
        {
            return;
        }

        if (!decoder.TryReadInfo(encoded, out var info))
        {
            return;
        }

        var plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), minimumScale: 1);
        if (plan.Size <= LargestImage)
        {
            decoder.Decode(encoded, plan, new byte[plan.Size]);
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        var random = new Random(1);
        var pixels = new byte[3 * 13 * 17];
        random.NextBytes(pixels);
        yield return new FuzzInput("raw", [RawImage.EncodeRgb(pixels, 13, 17)]);
        foreach (var jpeg in GoldenJpegs.Read("train").Where(static jpeg => jpeg.Encoded.Length < 1 << 16))
        {
            yield return new FuzzInput(jpeg.Name, [jpeg.Encoded]);
        }
    }
}
