// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>The input along one axis: pixels 0 to <paramref name="Size"/> exist, and the stretch from <paramref name="Low"/> to
/// <paramref name="High"/> is resampled.</summary>
/// <param name="Size">How many pixels there are; those beyond never contribute.</param>
/// <param name="Low">Where the stretch begins.</param>
/// <param name="High">Where the stretch ends.</param>
internal readonly record struct ResampleSource(int Size, double Low, double High)
{
    public double Length => High - Low;

    public bool IsWhole => Low == 0 && High == Size;
}
