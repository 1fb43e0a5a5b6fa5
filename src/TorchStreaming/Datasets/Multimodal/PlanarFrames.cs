// SPDX-License-Identifier: MIT

namespace TorchStreaming.Datasets;

/// <summary>Puts the planes of frames into the order R, G, B; ffmpeg's planar format has G, B, R.</summary>
internal static class PlanarFrames
{
    public static void ToRgb(Span<byte> frames, int frameBytes)
    {
        var plane = frameBytes / 3;
        for (var start = 0; start + frameBytes <= frames.Length; start += frameBytes)
        {
            var frame = frames.Slice(start, frameBytes);
            for (var i = 0; i < plane; i++)
            {
                var (green, blue, red) = (frame[i], frame[plane + i], frame[(2 * plane) + i]);
                (frame[i], frame[plane + i], frame[(2 * plane) + i]) = (red, green, blue);
            }
        }
    }
}
