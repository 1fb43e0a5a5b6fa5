// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Writes scaled singles.</summary>
internal sealed class SinglePixelOutput(ChannelScaling scaling, bool channelsLast) : PixelOutput
{
    public override int ElementSize => sizeof(float);

    public override void WriteRow(ReadOnlySpan<byte> row, int y, int height, Span<byte> destination)
    {
        if (channelsLast)
        {
            PixelKernels.Scale(row, scaling, GetInterleavedRow<float>(destination, y, row.Length));
            return;
        }

        var width = row.Length / 3;
        PixelKernels.SplitAndScale(
            row,
            scaling,
            GetPlaneRow<float>(destination, 0, y, width, height),
            GetPlaneRow<float>(destination, 1, y, width, height),
            GetPlaneRow<float>(destination, 2, y, width, height));
    }
}
