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
    public static BatchRecipe Create(StreamingVisionDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Transforms is not null && (options.Transform is not null || options.TargetTransform is not null))
        {
            throw new ArgumentException(
                $"Give either {nameof(options.Transforms)}, or {nameof(options.Transform)} and {nameof(options.TargetTransform)}.",
                nameof(options));
        }

        var function = Combine(options.Transforms, options.Transform?.Function);
        var image = function is null ? options.Transform?.Image ?? ImageTransform.ToTensor : Pixels;
        SampleTransform columns = new ColumnSet(CreateImageColumn(ImageName, image, options), new ScalarColumn(TargetName));
        if (options.TargetTransform is { } targetTransform)
        {
            columns = new TargetTransform(columns, column: 1, targetTransform);
        }

        return function is null ? new ColumnRecipe(columns) : new FunctionRecipe(new ColumnFunction(columns, function), collate: null);
    }

    /// <summary>Makes the column of an image, a list where the transform leaves sizes open.</summary>
    public static ImageColumn CreateImageColumn(string name, ImageTransform image, ImageDatasetOptions options) =>
        new(name, image, layout: image.OutputHeight is null || image.OutputWidth is null ? ColumnLayout.List : ColumnLayout.Dense)
        {
            Decoders = options.Decoders,
            DecoderOptions = GetLimits(options),
        };

    public static ImageDecoderOptions GetLimits(ImageDatasetOptions options) => new() { MaxPixels = options.MaxPixels };

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
