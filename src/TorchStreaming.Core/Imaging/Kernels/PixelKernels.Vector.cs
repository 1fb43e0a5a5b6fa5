// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <content>The vectorised kernels.</content>
internal static partial class PixelKernels
{
    /// <summary>Splits the channels.</summary>
    public static void Split(ReadOnlySpan<byte> row, Span<byte> red, Span<byte> green, Span<byte> blue) => SplitScalar(row, red, green, blue);

    /// <summary>Scales every byte by its channel's scaling and keeps the bytes' order.</summary>
    public static void Scale(ReadOnlySpan<byte> row, ChannelScaling scaling, Span<float> destination) => LookUp(row, scaling.Table, destination);

    /// <summary>Scales every byte by its channel's scaling and splits the channels.</summary>
    public static void SplitAndScale(ReadOnlySpan<byte> row, ChannelScaling scaling, Span<float> red, Span<float> green, Span<float> blue) =>
        SplitAndLookUp(row, scaling.Table, red, green, blue);
}
