// SPDX-License-Identifier: MIT

using System.Numerics.Tensors;

namespace ImageNetTraining.Linear;

/// <summary>Histograms of oriented gradients: where in the image edges lie and which way they run. Fixed features for a linear classifier.</summary>
/// <param name="side">The width and height of the images in pixels.</param>
internal sealed class OrientedGradients(int side)
{
    /// <summary>The number of features of an image.</summary>
    public const int Count = Cells * Cells * Bins;

    private const int Cells = 6;
    private const int Bins = 8;
    private readonly float[] _luminance = new float[side * side];

    /// <summary>Computes the features of one image.</summary>
    /// <param name="pixels">The image: 3 planes (CHW) of side × side floats.</param>
    /// <param name="features">Receives <see cref="Count"/> values, scaled to unit length.</param>
    public void Compute(ReadOnlySpan<float> pixels, Span<float> features)
    {
        var plane = side * side;
        TensorPrimitives.Add(pixels[..plane], pixels.Slice(plane, plane), _luminance);
        TensorPrimitives.Add(_luminance, pixels.Slice(2 * plane, plane), _luminance);

        features.Clear();
        for (var y = 1; y < side - 1; y++)
        {
            for (var x = 1; x < side - 1; x++)
            {
                var at = (y * side) + x;
                var dx = _luminance[at + 1] - _luminance[at - 1];
                var dy = _luminance[at + side] - _luminance[at - side];
                var angle = (MathF.Atan2(dy, dx) / MathF.PI) + 1f;
                var bin = (int)(angle * Bins) % Bins;
                var cell = (y * Cells / side * Cells) + (x * Cells / side);
                features[(cell * Bins) + bin] += MathF.Sqrt((dx * dx) + (dy * dy));
            }
        }

        TensorPrimitives.Sqrt(features, features);
        TensorPrimitives.Divide(features, TensorPrimitives.Norm(features) + 1e-6f, features);
    }
}
