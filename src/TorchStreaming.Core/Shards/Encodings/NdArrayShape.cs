// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Sizes of arrays from dimensions that nobody has checked.</summary>
internal static class NdArrayShape
{
    /// <summary>Upstream's limit: the number of dimensions takes six bits.</summary>
    public const int MaxRank = 63;

    /// <summary>Computes the size of an array in bytes.</summary>
    /// <returns>Whether all dimensions are 1 or more and the size fits an array.</returns>
    public static bool TryGetByteCount(ReadOnlySpan<long> shape, NdArrayDType dtype, out long bytes)
    {
        bytes = dtype.SizeInBytes();
        foreach (var dimension in shape)
        {
            if (dimension < 1 || dimension > int.MaxValue / bytes)
            {
                return false;
            }

            bytes *= dimension;
        }

        return true;
    }
}
