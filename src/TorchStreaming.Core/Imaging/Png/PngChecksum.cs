// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>The CRC-32 of PNG chunks (polynomial EDB88320, reflected).</summary>
internal static class PngChecksum
{
    public const uint Start = 0xFFFF_FFFF;

    private static readonly uint[] Table = MakeTable();

    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            checksum = Table[(byte)(checksum ^ value)] ^ (checksum >> 8);
        }

        return checksum;
    }

    public static uint Finish(uint checksum) => ~checksum;

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
