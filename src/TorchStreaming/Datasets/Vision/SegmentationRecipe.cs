// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>How images with a label map each become tensors.</summary>
internal static class SegmentationRecipe
{
    private const string ImageName = "x";
    private const string MapName = "y";

    public static BatchRecipe Create(StreamingADE20KOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (joint, transform, targetTransform) = (options.JointTransform, options.Transform, options.TargetTransform);
        if (joint is not null && transform?.Image is not null)
        {
            throw new ArgumentException(
                "An ImageTransform is carried out while the image is decoded, before a joint transform. Make it part of the joint transform, "
                + $"or give {nameof(options.Transform)} as a function.",
                nameof(options));
        }

        var columns = new ColumnSet(
            VisionRecipe.CreateImageColumn(ImageName, joint?.Image ?? transform?.Image ?? VisionRecipe.Pixels, options),
            new LabelMapColumn(MapName, joint?.Image, alignedWith: 0)
            {
                Decoders = options.Decoders,
                DecoderOptions = VisionRecipe.GetLimits(options),
            });
        if (joint?.Function is null && transform?.Function is null && targetTransform is null)
        {
            return new ColumnRecipe(columns);
        }

        return new FunctionRecipe(new ColumnFunction(columns, Run), collate: null) { Lists = [ImageName, MapName] };

        Dictionary<string, Tensor> Run(Dictionary<string, Tensor> sample)
        {
            var (x, y) = (sample[ImageName], sample[MapName]);
            (x, y) = joint?.Function?.Invoke(x, y) ?? (x, y);
            return new(StringComparer.Ordinal)
            {
                [ImageName] = transform?.Function?.Invoke(x) ?? x,
                [MapName] = targetTransform?.Invoke(y) ?? y,
            };
        }
    }
}
