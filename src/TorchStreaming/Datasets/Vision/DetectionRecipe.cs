// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Datasets;

/// <summary>How images with boxes become tensors.</summary>
internal static class DetectionRecipe
{
    private const string ImageName = "img";
    private const string IdName = "img_id";
    private const string HeightName = "htot";
    private const string WidthName = "wtot";
    private const string BoxesName = "bbox_sizes";
    private const string LabelsName = "bbox_labels";

    public static BatchRecipe Create(StreamingCOCOOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var transform = options.Transform;
        var columns = new ColumnSet(
            VisionRecipe.CreateImageColumn(ImageName, options.ImageTransform ?? VisionRecipe.Pixels, options),
            new ScalarColumn(IdName),
            new ScalarColumn(HeightName),
            new ScalarColumn(WidthName),
            new NdArrayColumn(BoxesName, ElementType.Float32, [-1, 4], ColumnLayout.List),
            new NdArrayColumn(LabelsName, ElementType.Int64, [-1], ColumnLayout.List));
        return transform is null
            ? new ColumnRecipe(columns)
            : new FunctionRecipe(new ColumnFunction(columns, Run), collate: null) { Lists = [ImageName, BoxesName, LabelsName] };

        Dictionary<string, Tensor> Run(Dictionary<string, Tensor> sample)
        {
            var size = (sample[HeightName].item<long>(), sample[WidthName].item<long>());
            var (img, (height, width), boxes, labels) = transform(sample[ImageName], size, sample[BoxesName], sample[LabelsName]);
            return new(StringComparer.Ordinal)
            {
                [ImageName] = img,
                [IdName] = sample[IdName],
                [HeightName] = tensor(height),
                [WidthName] = tensor(width),
                [BoxesName] = boxes,
                [LabelsName] = labels,
            };
        }
    }
}
