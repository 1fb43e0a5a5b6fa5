// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Writes the bytes themselves.</summary>
internal sealed class BytePixelOutput(bool channelsLast) : PixelOutput
{
    public override int ElementSize => 1;

    public override void WriteRow(ReadOnlySpan<byte> row, int y, int height, Span<byte> destination)
    {
        if (channelsLast)
        {
            row.CopyTo(GetInterleavedRow<byte>(destination, y, row.Length));
            return;
        }

        var width = row.Length / 3;
        PixelKernels.Split(
            row,
            GetPlaneRow<byte>(destination, 0, y, width, height),
            GetPlaneRow<byte>(destination, 1, y, width, height),
            GetPlaneRow<byte>(destination, 2, y, width, height));
    }
}
