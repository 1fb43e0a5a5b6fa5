// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchStreaming.Ordering;

/// <content>Skipping a shuffle eight draws at a time. The scalar twin is <see cref="SkipShuffleInPairs"/>.</content>
internal partial struct NumpyGenerator
{
    private const int DrawsAtATime = 8;

    /// <summary>Below this the eight draws are too often too close to the bound to be told apart at once.</summary>
    private const uint ShortestInBlocks = 512;

    /// <summary>Counts accepted draws down from <paramref name="i"/>, as long as that is worth it.</summary>
    /// <returns>What is left to count down.</returns>
    /// <remarks>Four generators, each four steps ahead of itself, take turns, so that their multiplications overlap. A vector holds their outputs in
    /// the order of the draws: lane 0 and 1 are the low and the high half of the first, and so on. The bound falls by one with each accepted draw, so it
    /// is at least i − 7 for the last: where as many draws are at or below i − 7 as are at or below i, each of them is decided.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint SkipShuffleInBlocks(uint i)
    {
        var last = _bits;
        var stride = last.GetStride(4);
        var first = last;
        first.Next();
        var second = first;
        second.Next();
        var third = second;
        third.Next();
        var fourth = third;
        fourth.Next();
        while (i >= ShortestInBlocks)
        {
            var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(i);
            var outputs = Vector256.Create(first.Output, second.Output, third.Output, fourth.Output);
            var draws = outputs.AsUInt32() & Vector256.Create(mask);
            var accepted = CountAtOrBelow(draws, i);
            if (i - DrawsAtATime > mask >> 1 && accepted == CountAtOrBelow(draws, i - (DrawsAtATime - 1)))
            {
                i -= (uint)accepted;
            }
            else
            {
                i = CountOneByOne(outputs.AsUInt32(), i);
            }

            last = fourth;
            first.Step(stride);
            second.Step(stride);
            third.Step(stride);
            fourth.Step(stride);
        }

        _bits = last;
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountAtOrBelow(Vector256<uint> draws, uint bound) =>
        BitOperations.PopCount(Vector256.LessThanOrEqual(draws, Vector256.Create(bound)).ExtractMostSignificantBits());

    private static uint CountOneByOne(Vector256<uint> draws, uint i)
    {
        for (var lane = 0; lane < DrawsAtATime; lane++)
        {
            var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(i);
            i -= (draws[lane] & mask) <= i ? 1U : 0U;
        }

        return i;
    }
}
