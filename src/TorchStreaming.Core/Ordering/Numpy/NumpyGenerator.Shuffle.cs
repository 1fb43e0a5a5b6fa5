// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchStreaming.Ordering;

/// <content>The shuffle, and the same draws without anything to shuffle: the two loops in which planning an epoch spends its
/// time.</content>
internal partial struct NumpyGenerator
{
    /// <summary>Shuffles a span in place. Equal to <c>shuffle(x)</c> for lists, arrays and views.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        // Local copies let the JIT keep the generator in registers; the loop is the same for every element type.
        var bits = _bits;
        var half = _half;
        var hasHalf = _hasHalf;
        for (var i = values.Length - 1; i >= 1; i--)
        {
            var mask = uint.MaxValue >> BitOperations.LeadingZeroCount((uint)i);
            uint j;
            do
            {
                if (hasHalf)
                {
                    j = half & mask;
                    hasHalf = false;
                }
                else
                {
                    var next = bits.Next();
                    j = (uint)next & mask;
                    half = (uint)(next >> 32);
                    hasHalf = true;
                }
            }
            while (j > (uint)i);

            (values[i], values[(int)j]) = (values[(int)j], values[i]);
        }

        _bits = bits;
        _half = half;
        _hasHalf = hasHalf;
    }

    /// <summary>Skips what <see cref="Shuffle"/> would draw for that many elements.</summary>
    public void SkipShuffle(long count)
    {
        var i = count - 1;
        while (i > uint.MaxValue)
        {
            NextInterval((ulong)i);
            i--;
        }

        if (i >= 1 && _hasHalf)
        {
            // After one more draw the halves come in pairs.
            var mask = uint.MaxValue >> BitOperations.LeadingZeroCount((uint)i);
            _hasHalf = false;
            i -= (_half & mask) <= (uint)i ? 1 : 0;
        }

        var left = (uint)Math.Max(i, 0);
        if (Vector256.IsHardwareAccelerated && left >= ShortestInBlocks)
        {
            left = SkipShuffleInBlocks(left);
        }

        SkipShuffleInPairs(left);
    }

    /// <summary>Counts accepted draws down from <paramref name="i"/> to 0, without branches on what was drawn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void SkipShuffleInPairs(uint i)
    {
        if (i == 0)
        {
            return;
        }

        var bits = _bits;
        while (i > 0)
        {
            // Within one power of two the mask stays the same; the first half of a pair may cross into the next.
            var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(i);
            var next = bits.Next();
            i -= ((uint)next & mask) <= i ? 1U : 0U;
            if (i <= mask >> 1)
            {
                if (i == 0)
                {
                    _half = (uint)(next >> 32);
                    _hasHalf = true;
                    break;
                }

                mask >>= 1;
            }

            _half = (uint)(next >> 32);
            i -= (_half & mask) <= i ? 1U : 0U;
        }

        _bits = bits;
    }
}
