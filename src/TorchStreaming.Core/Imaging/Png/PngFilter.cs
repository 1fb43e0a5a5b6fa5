// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Undoes the filters of PNG rows.</summary>
internal static class PngFilter
{
    /// <summary>Turns a filtered row into its bytes, in place.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above.</param>
    /// <param name="step">The bytes of a pixel, at least 1.</param>
    /// <exception cref="ImageDecodeException">There is no such filter.</exception>
    public static void Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        above = above[..row.Length];
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (var i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                break;
            case 2:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (var i = 0; i < row.Length; i++)
                {
                    var left = i >= step ? row[i - step] : 0;
                    row[i] += (byte)((left + above[i]) / 2);
                }

                break;
            case 4:
                UndoPaeth(row, above, step);
                break;
            default:
                throw new ImageDecodeException($"A row of the PNG image has filter {filter}, which there is not; the image is damaged.");
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, upperLeft) = i >= step ? (row[i - step], above[i - step]) : (0, 0);
            var estimate = left + above[i] - upperLeft;
            var fromLeft = Math.Abs(estimate - left);
            var fromAbove = Math.Abs(estimate - above[i]);
            var fromUpperLeft = Math.Abs(estimate - upperLeft);
            row[i] += (byte)(fromLeft <= fromAbove && fromLeft <= fromUpperLeft ? left : fromAbove <= fromUpperLeft ? above[i] : upperLeft);
        }
    }
}
