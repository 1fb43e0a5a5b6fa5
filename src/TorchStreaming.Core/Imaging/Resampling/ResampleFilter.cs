// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Pillow's resampling filters: how far they reach, and what a pixel at some distance weighs.</summary>
internal static class ResampleFilter
{
    /// <summary>Gets how many output pixels a filter reaches to each side.</summary>
    public static double GetSupport(ImageInterpolation interpolation) => interpolation switch
    {
        ImageInterpolation.Box or ImageInterpolation.Nearest => 0.5,
        ImageInterpolation.Bicubic => 2,
        ImageInterpolation.Lanczos => 3,
        _ => 1,
    };

    /// <summary>Gets the weight of a pixel.</summary>
    /// <param name="interpolation">The filter.</param>
    /// <param name="x">The distance in output pixels.</param>
    public static double GetWeight(ImageInterpolation interpolation, double x) => interpolation switch
    {
        ImageInterpolation.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ImageInterpolation.Bicubic => Cubic(Math.Abs(x)),
        ImageInterpolation.Lanczos => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        _ => Math.Max(1.0 - Math.Abs(x), 0.0),
    };

    private static double Cubic(double x)
    {
        const double A = -0.5;
        return x < 1 ? ((((A + 2.0) * x) - (A + 3.0)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A
            : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
