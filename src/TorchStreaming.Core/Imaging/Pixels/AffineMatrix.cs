// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Where the pixels of a warped image come from: output (x, y) is input (A·x + B·y + C, D·x + E·y + F), pixel centers lying at
/// halves.</summary>
internal readonly record struct AffineMatrix(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Makes the matrix of a rotation about the middle, as Pillow's <c>Image.rotate</c> does.</summary>
    /// <param name="degrees">The angle, counter-clockwise.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    public static AffineMatrix Rotation(double degrees, int width, int height)
    {
        var turns = degrees % 360;
        var angle = -((turns < 0 ? turns + 360 : turns) * Math.PI / 180);
        var (cosine, sine) = (Math.Round(Math.Cos(angle), 15), Math.Round(Math.Sin(angle), 15));
        var (x, y) = (width / 2.0, height / 2.0);
        return new AffineMatrix(
            cosine, sine, (cosine * -x) + (sine * -y) + x, -sine, cosine, (-sine * -x) + (cosine * -y) + y);
    }

    /// <summary>Makes the matrix of a rotation, translation, scaling and shear, as torchvision's <c>affine</c> does.</summary>
    /// <param name="warp">What to do.</param>
    /// <param name="centerX">The point that stays, from the left.</param>
    /// <param name="centerY">The point that stays, from above.</param>
    public static AffineMatrix Warp(in AffineWarp warp, double centerX, double centerY)
    {
        var (rotation, shearX, shearY) = (ToRadians(warp.Angle), ToRadians(warp.ShearX), ToRadians(warp.ShearY));
        var a = Math.Cos(rotation - shearY) / Math.Cos(shearY);
        var b = (-Math.Cos(rotation - shearY) * Math.Tan(shearX) / Math.Cos(shearY)) - Math.Sin(rotation);
        var c = Math.Sin(rotation - shearY) / Math.Cos(shearY);
        var d = (-Math.Sin(rotation - shearY) * Math.Tan(shearX) / Math.Cos(shearY)) + Math.Cos(rotation);
        var (m0, m1, m3, m4) = (d / warp.Scale, -b / warp.Scale, -c / warp.Scale, a / warp.Scale);
        var (x, y) = (-centerX - warp.TranslateX, -centerY - warp.TranslateY);
        return new AffineMatrix(m0, m1, (m0 * x) + (m1 * y) + centerX, m3, m4, (m3 * x) + (m4 * y) + centerY);
    }

    private static double ToRadians(double degrees) => degrees * Math.PI / 180;
}

/// <summary>What an affine operation does to an image.</summary>
/// <param name="Angle">The rotation in degrees, clockwise.</param>
/// <param name="TranslateX">The shift to the right in pixels.</param>
/// <param name="TranslateY">The shift down in pixels.</param>
/// <param name="Scale">The enlargement.</param>
/// <param name="ShearX">The shear along x in degrees.</param>
/// <param name="ShearY">The shear along y in degrees.</param>
internal readonly record struct AffineWarp(
    double Angle = 0, double TranslateX = 0, double TranslateY = 0, double Scale = 1, double ShearX = 0, double ShearY = 0);
