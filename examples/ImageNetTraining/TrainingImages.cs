// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace ImageNetTraining;

/// <summary>How images become the input of the model.</summary>
internal static class TrainingImages
{
    /// <summary>For training: a random part of the image, maybe mirrored.</summary>
    public static ImageTransform Augmented(int size, double minimumCrop) =>
        ImageTransform.RandomResizedCrop(size, minimumCrop).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std);

    /// <summary>For validation: the middle of the image, as large as is usual for ImageNet (224 of 256).</summary>
    public static ImageTransform Centered(int size) =>
        ImageTransform.Resize(size * 8 / 7).CenterCrop(size).Normalize(ImageNet.Mean, ImageNet.Std);
}
