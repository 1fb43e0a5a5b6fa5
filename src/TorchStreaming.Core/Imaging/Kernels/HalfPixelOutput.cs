// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Writes scaled 16-bit floating-point numbers by table: there are but 256 of them per channel.</summary>
internal sealed class HalfPixelOutput : PixelOutput
{
    private readonly ushort[] _table = new ushort[ChannelScaling.Channels * 256];
    private readonly bool _channelsLast;

    public HalfPixelOutput(ChannelScaling scaling, bool channelsLast, Func<float, ushort> convert)
    {
        _channelsLast = channelsLast;
        for (var i = 0; i < _table.Length; i++)
        {
            _table[i] = convert(scaling.Table[i]);
        }
    }

    public override int ElementSize => sizeof(ushort);

    public override void WriteRow(ReadOnlySpan<byte> row, int y, int height, Span<byte> destination)
    {
        if (_channelsLast)
        {
            PixelKernels.LookUp<ushort>(row, _table, GetInterleavedRow<ushort>(destination, y, row.Length));
            return;
        }

        var width = row.Length / 3;
        PixelKernels.SplitAndLookUp<ushort>(
            row,
            _table,
            GetPlaneRow<ushort>(destination, 0, y, width, height),
            GetPlaneRow<ushort>(destination, 1, y, width, height),
            GetPlaneRow<ushort>(destination, 2, y, width, height));
    }
}
