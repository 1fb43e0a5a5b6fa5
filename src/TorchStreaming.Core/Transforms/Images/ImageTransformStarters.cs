// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The steps with which a chain may begin, so that it reads <c>ImageTransform.Resize(256).CenterCrop(224)</c>.</summary>
public static class ImageTransformStarters
{
    extension(ImageTransform)
    {
        /// <summary>Begins with <see cref="ImageTransform.Resize(int)"/>.</summary>
        /// <param name="size">The length of the shorter side in pixels, at least 1.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform Resize(int size) => ImageTransform.ToTensor.Resize(size);

        /// <summary>Begins with <see cref="ImageTransform.Resize(int, int)"/>.</summary>
        /// <param name="height">The height in pixels, at least 1.</param>
        /// <param name="width">The width in pixels, at least 1.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform Resize(int height, int width) => ImageTransform.ToTensor.Resize(height, width);

        /// <summary>Begins with <see cref="ImageTransform.CenterCrop(int)"/>.</summary>
        /// <param name="size">The height and width in pixels, at least 1.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform CenterCrop(int size) => ImageTransform.ToTensor.CenterCrop(size);

        /// <summary>Begins with <see cref="ImageTransform.CenterCrop(int, int)"/>.</summary>
        /// <param name="height">The height in pixels, at least 1.</param>
        /// <param name="width">The width in pixels, at least 1.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform CenterCrop(int height, int width) => ImageTransform.ToTensor.CenterCrop(height, width);

        /// <summary>Begins with <see cref="ImageTransform.RandomResizedCrop"/>.</summary>
        /// <param name="size">The height and width of the output in pixels, at least 1.</param>
        /// <param name="minimumScale">The minimum share of the image's area, above 0.</param>
        /// <param name="maximumScale">The maximum share of the image's area.</param>
        /// <param name="minimumRatio">The minimum proportion of width to height, above 0.</param>
        /// <param name="maximumRatio">The maximum proportion of width to height.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform RandomResizedCrop(
            int size, double minimumScale = 0.08, double maximumScale = 1, double minimumRatio = 3.0 / 4, double maximumRatio = 4.0 / 3) =>
            ImageTransform.ToTensor.RandomResizedCrop(size, minimumScale, maximumScale, minimumRatio, maximumRatio);

        /// <summary>Begins with <see cref="ImageTransform.RandomHorizontalFlip"/>.</summary>
        /// <param name="probability">The probability, from 0 to 1.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform RandomHorizontalFlip(double probability = 0.5) =>
            ImageTransform.ToTensor.RandomHorizontalFlip(probability);

        /// <summary>Begins with <see cref="ImageTransform.RandomCrop"/>.</summary>
        /// <param name="size">The height and width in pixels, at least 1.</param>
        /// <param name="padding">How many black pixels surround the image first.</param>
        /// <returns>The transform.</returns>
        public static ImageTransform RandomCrop(int size, int padding = 0) => ImageTransform.ToTensor.RandomCrop(size, padding);
    }
}
