// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>How images with a class each become tensors.</summary>
internal static class VisionRecipe
{
    private const string ImageName = "x";
    private const string TargetName = "y";

    /// <summary>What a function on tensors gets: the pixels as they are.</summary>
    public static readonly ImageTransform Pixels = ImageTransform.ToTensor.ToDtype(ElementType.UInt8);

    /// <summary>Chooses the fast way where the image is transformed by the engine, and the way through tensors otherwise.</summary>
    public static BatchRecipe Create(
        Func<Tensor, Tensor, (Tensor X, Tensor Y)>? transforms,
        VisionTransform? transform,
        Func<long, long>? targetTransform,
        ImageDecoders? decoders,
        long? maxPixels)
    {
        if (transforms is not null && (transform is not null || targetTransform is not null))
        {
            throw new ArgumentException("Give either transforms, or transform and targetTransform.", nameof(transforms));
        }

        var function = Combine(transforms, transform?.Function);
        var image = function is null ? transform?.Image ?? ImageTransform.ToTensor : Pixels;
        SampleTransform columns = CreateColumns(image, decoders, maxPixels);
        if (targetTransform is not null)
        {
            columns = new TargetTransform(columns, column: 1, targetTransform);
        }

        return function is null ? new ColumnRecipe(columns) : new FunctionRecipe(new ColumnFunction(columns, function), collate: null);
    }

    /// <summary>Gets how images are together after a transform.</summary>
    public static ColumnLayout GetLayout(ImageTransform image) =>
        image.OutputHeight is null || image.OutputWidth is null ? ColumnLayout.List : ColumnLayout.Dense;

    public static ImageDecoderOptions GetLimits(long? maxPixels) =>
        maxPixels is { } pixels ? new ImageDecoderOptions { MaxPixels = pixels } : ImageDecoderOptions.Default;

    private static ColumnSet CreateColumns(ImageTransform image, ImageDecoders? decoders, long? maxPixels)
    {
        var limits = GetLimits(maxPixels);
        return new ColumnSet(
            new ImageColumn(ImageName, image, layout: GetLayout(image)) { Decoders = decoders, DecoderOptions = limits },
            new ScalarColumn(TargetName));
    }

    private static Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>>? Combine(
        Func<Tensor, Tensor, (Tensor X, Tensor Y)>? transforms, Func<Tensor, Tensor>? transform)
    {
        if (transforms is not null)
        {
            return sample =>
            {
                var (x, y) = transforms(sample[ImageName], sample[TargetName]);
                return Pair(x, y);
            };
        }

        return transform is null ? null : sample => Pair(transform(sample[ImageName]), sample[TargetName]);
    }

    private static Dictionary<string, Tensor> Pair(Tensor x, Tensor y) => new(StringComparer.Ordinal) { [ImageName] = x, [TargetName] = y };
}
