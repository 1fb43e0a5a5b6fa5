// SPDX-License-Identifier: MIT

namespace TorchStreaming.Interactive;

/// <summary>How images are in an array of values, as far as its shape tells.</summary>
/// <param name="Channels">1 or 3.</param>
/// <param name="Height">The rows.</param>
/// <param name="Width">The pixels in a row.</param>
/// <param name="IsPlanar">Whether each channel is a plane of its own (C, H, W), rather than the pixels side by side (H, W, C).</param>
internal readonly record struct ImageShape(int Channels, int Height, int Width, bool IsPlanar)
{
    // Smaller arrays with a dimension of 1 or 3 are points and boxes more often than images; larger ones are no images.
    private const long MinSide = 8;
    private const long MaxSide = 1 << 15;

    /// <summary>Gets the values of an image.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>Guesses from the shape of one value whether it is an image.</summary>
    /// <param name="shape">The shape, without a batch dimension.</param>
    /// <param name="image">How the image is.</param>
    /// <returns>Whether it may be an image.</returns>
    public static bool TryGuess(ReadOnlySpan<long> shape, out ImageShape image)
    {
        image = shape switch
        {
            [1 or 3, var height, var width] when IsSide(height) && IsSide(width) => new((int)shape[0], (int)height, (int)width, true),
            [var height, var width, 1 or 3] when IsSide(height) && IsSide(width) => new((int)shape[2], (int)height, (int)width, false),
            _ => default,
        };
        return image.Channels > 0 && (long)image.Channels * image.Height * image.Width <= int.MaxValue;
    }

    /// <summary>Gets where a value of an image is.</summary>
    public int IndexOf(int channel, int y, int x) =>
        IsPlanar ? (((channel * Height) + y) * Width) + x : (((y * Width) + x) * Channels) + channel;

    private static bool IsSide(long size) => size is >= MinSide and <= MaxSide;
}
