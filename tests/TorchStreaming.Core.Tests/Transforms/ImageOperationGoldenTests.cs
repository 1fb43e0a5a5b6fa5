// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

/// <summary>Compares operations on pixels with torchvision on Pillow images, through the transforms that users write: every byte
/// equal.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class ImageOperationGoldenTests
{
    /// <summary>Operations that geometry and scaling stand for; <c>ImageGoldenTests</c> has them.</summary>
    private static readonly string[] Elsewhere =
        ["resize", "resize_shorter_side", "resized_crop", "center_crop", "hflip", "vflip", "to_tensor_normalize"];

    private static readonly string[] Here =
    [
        "grayscale", "adjust_brightness", "adjust_contrast", "adjust_saturation", "adjust_sharpness", "adjust_hue", "adjust_gamma", "rotate",
        "posterize", "solarize", "autocontrast", "equalize", "invert", "affine", "pad",
    ];

    public static TheoryData<string> Operations => [.. Here];

    [GoldenTheory]
    [MemberData(nameof(Operations))]
    public void Apply_RecordedCase_EqualsTorchvision(string operation)
    {
        var cases = 0;
        foreach (var recorded in Cases().Where(recorded => recorded.GetProperty("op").GetString() == operation && GoldenImages.AreThere(recorded)))
        {
            var source = PngReader.ReadFile(GoldenData.PathOf("imaging", recorded.GetProperty("src").GetString()!));
            var expected = PngReader.ReadFile(GoldenData.PathOf("imaging", recorded.GetProperty("out").GetString()!));

            var actual = Run(source, GetTransform(operation, recorded.GetProperty("params")));

            var id = recorded.GetProperty("id").GetString();
            Assert.True((expected.Width, expected.Height) == (actual.Width, actual.Height), $"{id}: {actual.Width}x{actual.Height}");
            var wrong = expected.Pixels.Zip(actual.Pixels).Count(static pair => pair.First != pair.Second);
            var most = expected.Pixels.Zip(actual.Pixels, static (a, b) => Math.Abs(a - b)).Max();
            Assert.True(wrong == 0, $"{id}: {wrong} of {expected.Pixels.Length} bytes differ, by up to {most}");
            Assert.Equal(recorded.GetProperty("sha256").GetString(), actual.Sha256);
            cases++;
        }

        GoldenData.AssertMoreThan(0, cases);
    }

    [GoldenFact]
    public void Operations_OfTheRecording_AreAllCompared()
    {
        var recorded = Cases().Select(static element => element.GetProperty("op").GetString()!).Distinct();

        GoldenData.AssertCount(0, recorded.Except(Elsewhere).Except(Here).Count());
    }

    private static ImageTransform GetTransform(string operation, JsonElement parameters)
    {
        var start = ImageTransform.ToTensor.ToDtype(ElementType.UInt8).ChannelsLast();
        return operation switch
        {
            "grayscale" => start.Grayscale(),
            "adjust_brightness" => start.Apply(ImageOperation.Brightness(Number("factor"))),
            "adjust_contrast" => start.Apply(ImageOperation.Contrast(Number("factor"))),
            "adjust_saturation" => start.Apply(ImageOperation.Saturation(Number("factor"))),
            "adjust_sharpness" => start.Apply(ImageOperation.Sharpness(Number("factor"))),
            "adjust_hue" => start.Apply(ImageOperation.Hue(Number("factor"))),
            "adjust_gamma" => start.Apply(ImageOperation.Gamma(Number("gamma"), Number("gain"))),
            "rotate" => start.Apply(ImageOperation.Rotate(Number("angle"), Interpolation())),
            "posterize" => start.Apply(ImageOperation.Posterize((int)Number("bits"))),
            "solarize" => start.Apply(ImageOperation.Solarize(Number("threshold"))),
            "autocontrast" => start.Apply(ImageOperation.AutoContrast),
            "equalize" => start.Apply(ImageOperation.Equalize),
            "invert" => start.Apply(ImageOperation.Invert),
            "pad" => start.Pad(
                (int)Number("left"), (int)Number("top"), (int)Number("right"), (int)Number("bottom"), RgbColor.Gray((byte)Number("fill"))),
            "affine" => start.Apply(ImageOperation.Affine(
                Number("angle"), Pair("translate", 0), Pair("translate", 1), Number("scale"), Pair("shear", 0), Pair("shear", 1))),
            _ => throw new InvalidOperationException($"Operation '{operation}' is not known here."),
        };

        double Number(string name) => parameters.GetProperty(name).GetDouble();
        double Pair(string name, int index) => parameters.GetProperty(name)[index].GetDouble();
        ImageInterpolation Interpolation() =>
            Enum.Parse<ImageInterpolation>(parameters.GetProperty("interpolation").GetString()!, ignoreCase: true);
    }

    private static PixelImage Run(PixelImage source, ImageTransform transform)
    {
        var encoded = RawImage.EncodeRgb(source.Pixels, source.Width, source.Height);
        using var worker = new ImageTransformWorker(transform);
        var prepared = worker.Prepare(encoded, default);
        var pixels = new byte[prepared.Width * prepared.Height * 3];
        worker.Render(encoded, prepared, pixels);
        return new PixelImage(prepared.Width, prepared.Height, 3, pixels);
    }

    private static IEnumerable<JsonElement> Cases()
    {
        using var document = GoldenData.ReadJson("imaging", "cases.json");
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(static element => element.Clone())];
    }
}
