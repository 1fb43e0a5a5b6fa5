// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>What is done to an image and its boxes together.</summary>
/// <param name="image">The image: bytes of shape [3, height, width], or what an image transform made of it.</param>
/// <param name="size">The image's height and width as stored.</param>
/// <param name="boxes">Singles of shape [boxes, 4]: left, top, right and bottom as shares of the image's width and height.</param>
/// <param name="labels">64-bit integers of shape [boxes].</param>
/// <returns>What is delivered for them.</returns>
/// <remarks>It runs on the loader's threads, several at a time, without gradients. It must not dispose its input; what it makes on the way
/// is disposed for it.</remarks>
public delegate (Tensor Image, (long Height, long Width) Size, Tensor Boxes, Tensor Labels) DetectionTransform(
    Tensor image, (long Height, long Width) size, Tensor boxes, Tensor labels);
