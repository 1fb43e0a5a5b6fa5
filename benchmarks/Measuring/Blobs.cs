// SPDX-License-Identifier: MIT

namespace TorchStreaming.Benchmarks;

/// <summary>Random bytes of the size of a JPEG of ImageNet: nothing compresses them.</summary>
internal static class Blobs
{
    public const int Length = 110_000;

    /// <summary>Makes blobs to write in turn.</summary>
    public static byte[][] Create()
    {
        var random = new Random(1);
        var blobs = new byte[64][];
        for (var i = 0; i < blobs.Length; i++)
        {
            blobs[i] = new byte[Length];
            random.NextBytes(blobs[i]);
        }

        return blobs;
    }
}
