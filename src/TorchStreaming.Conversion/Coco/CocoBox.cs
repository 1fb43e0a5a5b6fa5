// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A box of COCO's annotations, in pixels.</summary>
/// <param name="Annotation">The annotation's number.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Category">The category's number in the file.</param>
internal readonly record struct CocoBox(long Annotation, double Left, double Top, double Width, double Height, long Category)
{
    /// <summary>How far a box may reach beyond its image: coordinates are rounded.</summary>
    private const double Tolerance = 1;

    /// <summary>Looks for a reason to refuse the box.</summary>
    /// <param name="image">The image it is in.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public string? FindProblem(CocoImage image)
    {
        // Comparisons with what is no number are false.
        var isInside = Width >= 0 && Height >= 0 && Left >= -Tolerance && Top >= -Tolerance
            && Left + Width <= image.Width + Tolerance && Top + Height <= image.Height + Tolerance;
        return isInside ? null
            : FormattableString.Invariant(
                $"Annotation {Annotation} has the box [{Left}, {Top}, {Width}, {Height}], which is outside {image.Width} x {image.Height} pixels.");
    }
}
