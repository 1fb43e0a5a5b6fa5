// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using System.Text.Json;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

/// <summary>Compares geometry, resampling and scaling with torchvision on Pillow images: every byte equal.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class ImageGoldenTests
{
    [GoldenFact]
    public void Resize_EveryFilter_EqualsPillow() => CheckAll(
        "resize",
        (ref ImageGeometry geometry, JsonElement parameters) => geometry.Resize(Size(parameters).Width, Size(parameters).Height));

    [GoldenFact]
    public void ResizeShorterSide_Bilinear_EqualsPillow() => CheckAll(
        "resize_shorter_side",
        (ref ImageGeometry geometry, JsonElement parameters) => geometry.ResizeShorterSide(parameters.GetProperty("size").GetInt32()));

    [GoldenFact]
    public void ResizedCrop_Bilinear_EqualsPillow() => CheckAll(
        "resized_crop",
        (ref ImageGeometry geometry, JsonElement parameters) =>
        {
            geometry.Crop(new PixelRectangle(
                parameters.GetProperty("left").GetInt32(),
                parameters.GetProperty("top").GetInt32(),
                parameters.GetProperty("width").GetInt32(),
                parameters.GetProperty("height").GetInt32()));
            geometry.Resize(Size(parameters).Width, Size(parameters).Height);
        });

    [GoldenFact]
    public void CenterCrop_EqualsTorchvision() => CheckAll(
        "center_crop",
        (ref ImageGeometry geometry, JsonElement parameters) => geometry.CenterCrop(Size(parameters).Width, Size(parameters).Height));

    [GoldenFact]
    public void HorizontalFlip_EqualsTorchvision() => CheckAll(
        "hflip",
        (ref ImageGeometry geometry, JsonElement _) => geometry.FlipHorizontally());

    [GoldenFact]
    public void VerticalFlip_EqualsTorchvision() => CheckAll(
        "vflip",
        (ref ImageGeometry geometry, JsonElement _) => geometry.FlipVertically());

    [GoldenFact]
    public void Normalize_EqualsTorchvision()
    {
        var cases = 0;
        foreach (var (id, source, element) in Cases("to_tensor_normalize"))
        {
            var parameters = element.GetProperty("params");
            var mean = Floats(parameters.GetProperty("mean"));
            var deviation = Floats(parameters.GetProperty("std"));
            var geometry = new ImageGeometry(source.Width, source.Height);
            var tensor = MemoryMarshal.Cast<byte, float>(Render(source, geometry, PixelOutput.Create(PixelType.Float32, false, [], [])));
            var normalized = MemoryMarshal.Cast<byte, float>(
                Render(source, geometry, PixelOutput.Create(PixelType.Float32, false, mean, deviation)));
            foreach (var point in element.GetProperty("points_c_y_x_tensor_normalized").EnumerateArray())
            {
                var index = (((point[0].GetInt32() * source.Height) + point[1].GetInt32()) * source.Width) + point[2].GetInt32();
                Assert.True((float)point[3].GetDouble() == tensor[index], $"{id}: tensor at {point}");
                Assert.True((float)point[4].GetDouble() == normalized[index], $"{id}: normalized at {point}");
            }

            cases++;
        }

        GoldenData.AssertMoreThan(0, cases);
    }

    private delegate void GeometryStep(ref ImageGeometry geometry, JsonElement parameters);

    private static void CheckAll(string operation, GeometryStep step)
    {
        var cases = 0;
        foreach (var (id, source, element) in Cases(operation))
        {
            var parameters = element.GetProperty("params");
            var geometry = new ImageGeometry(source.Width, source.Height);
            if (parameters.TryGetProperty("interpolation", out var interpolation))
            {
                geometry.Interpolation = Enum.Parse<ImageInterpolation>(interpolation.GetString()!, ignoreCase: true);
            }

            step(ref geometry, parameters);
            var pixels = Render(source, geometry, PixelOutput.Create(PixelType.UInt8, channelsLast: true, [], []));
            var actual = new PixelImage(geometry.Width, geometry.Height, 3, pixels);
            Assert.True(
                element.GetProperty("size")[0].GetInt32() == actual.Width && element.GetProperty("size")[1].GetInt32() == actual.Height,
                $"{id}: the size is {actual.Width}x{actual.Height}");
            var expected = PngReader.ReadFile(GoldenData.PathOf("imaging", element.GetProperty("out").GetString()!));
            var difference = expected.Pixels.Zip(actual.Pixels, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference == 0, $"{id}: differs by up to {difference}");
            Assert.True(element.GetProperty("sha256").GetString() == actual.Sha256, id);
            cases++;
        }

        GoldenData.AssertMoreThan(0, cases);
    }

    private static byte[] Render(PixelImage source, in ImageGeometry geometry, PixelOutput output)
    {
        var encoded = RawImage.EncodeRgb(source.Pixels, source.Width, source.Height);
        using var decoder = RawImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        Assert.True(decoder.TryReadInfo(encoded, out var info));
        using var renderer = new ImageRenderer(output);
        var destination = new byte[geometry.Width * geometry.Height * 3 * output.ElementSize];
        renderer.Render(decoder, encoded, info, geometry, exact: true, destination);
        return destination;
    }

    private static IEnumerable<(string Id, PixelImage Source, JsonElement Case)> Cases(string operation)
    {
        using var document = GoldenData.ReadJson("imaging", "cases.json");
        foreach (var element in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            if (element.GetProperty("op").GetString() == operation && GoldenImages.AreThere(element))
            {
                yield return (
                    element.GetProperty("id").GetString()!,
                    PngReader.ReadFile(GoldenData.PathOf("imaging", element.GetProperty("src").GetString()!)),
                    element.Clone());
            }
        }
    }

    private static (int Width, int Height) Size(JsonElement parameters) =>
        (parameters.GetProperty("size_hw")[1].GetInt32(), parameters.GetProperty("size_hw")[0].GetInt32());

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
