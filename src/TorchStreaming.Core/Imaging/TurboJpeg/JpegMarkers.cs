// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Imaging;

/// <summary>Walks the markers of a JPEG file.</summary>
internal static class JpegMarkers
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte Temporary = 0x01;

    /// <summary>Tells whether the segments and scans of a file lead to its end-of-image marker.</summary>
    public static bool ReachesEnd(ReadOnlySpan<byte> encoded)
    {
        var position = 0;
        while (true)
        {
            // Entropy-coded data, and stray bytes before a marker, are skipped alike: FF 00 and restart markers belong to the data.
            var next = encoded[position..].IndexOf((byte)0xFF);
            if (next < 0 || position + next + 1 >= encoded.Length)
            {
                return false;
            }

            position += next + 1;
            var marker = encoded[position];
            if (marker == EndOfImage)
            {
                return true;
            }

            if (marker == 0xFF)
            {
                continue;
            }

            position++;
            if (marker is 0 or Temporary or StartOfImage or (>= 0xD0 and <= 0xD7))
            {
                continue;
            }

            if (position + 2 > encoded.Length)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(encoded[position..]);
            if (length < 2 || position + length > encoded.Length)
            {
                return false;
            }

            position += length;
        }
    }
}
