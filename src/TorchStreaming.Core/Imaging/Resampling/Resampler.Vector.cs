// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <content>The vectorised passes.</content>
internal static partial class Resampler
{
    /// <inheritdoc cref="ResampleRowScalar"/>
    public static void ResampleRow(ReadOnlySpan<byte> source, int origin, int bytesPerPixel, ResampleAxis axis, Span<byte> destination) =>
        ResampleRowScalar(source, origin, bytesPerPixel, axis, destination);

    /// <inheritdoc cref="CombineRowsScalar"/>
    public static void CombineRows(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination) =>
        CombineRowsScalar(source, stride, weights, destination);
}
