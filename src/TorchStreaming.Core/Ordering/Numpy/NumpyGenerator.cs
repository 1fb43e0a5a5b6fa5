// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Ordering;

/// <summary>The draws of <c>numpy.random.default_rng(seed)</c> that the order needs, bit for bit (NumPy 1.17 and later).</summary>
/// <remarks>Mutable: pass it by reference, copy it to keep its state. NumPy has two ways to draw a bounded integer, and both are here:
/// masked rejection (<c>shuffle</c>, <c>permutation</c>) and Lemire's multiplication (<c>integers</c>, <c>choice</c>).</remarks>
internal partial struct NumpyGenerator
{
    private const int TailShufflePopulation = 10_000;
    private const int TailShuffleShare = 50;

    private Pcg64 _bits;
    private uint _half;
    private bool _hasHalf;

    /// <summary>Seeds the generator like <c>numpy.random.default_rng(seed)</c>.</summary>
    public NumpyGenerator(UInt128 seed)
    {
        _bits = new Pcg64(seed);
    }

    /// <summary>Gets the 128-bit state of the bit generator.</summary>
    public readonly UInt128 State => _bits.State;

    /// <summary>Gets the half of a 64-bit draw that the next 32-bit draw will take, if there is one.</summary>
    public readonly uint? BufferedHalf => _hasHalf ? _half : null;

    /// <summary>Draws 64 random bits; a buffered half stays buffered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64() => _bits.Next();

    /// <summary>Draws 32 random bits: the low half of a 64-bit draw first, the high half at the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NextUInt32()
    {
        if (_hasHalf)
        {
            _hasHalf = false;
            return _half;
        }

        var bits = _bits.Next();
        _half = (uint)(bits >> 32);
        _hasHalf = true;
        return (uint)bits;
    }

    /// <summary>Draws a number in [0, 1) with 53 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextDouble() => (_bits.Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws numbers in [low, high). Equal to <c>uniform(low, high, size)</c>.</summary>
    public void Uniform(double low, double high, Span<double> values)
    {
        var range = high - low;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = low + (range * NextDouble());
        }
    }

    /// <summary>Skips what <see cref="Uniform"/> would draw for that many values, in logarithmic time.</summary>
    public void SkipUniform(long count) => _bits.Advance((ulong)count);

    /// <summary>Draws an integer in [low, high). Equal to <c>integers(low, high)</c>; a run of calls equals one call with a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public long Integer(long low, long high)
    {
        if (high <= low)
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, $"The range from {low} to {high} is empty.");
        }

        return unchecked(low + (long)NextBounded((ulong)high - (ulong)low - 1));
    }

    /// <summary>Draws an integer in [0, largest] the way NumPy's <c>integers</c> and <c>choice</c> do.</summary>
    public ulong NextBounded(ulong largest)
    {
        if (largest == 0)
        {
            return 0;
        }

        if (largest < uint.MaxValue)
        {
            var size = (uint)largest + 1;
            var product = (ulong)NextUInt32() * size;
            if ((uint)product < size)
            {
                var threshold = (uint.MaxValue - (uint)largest) % size;
                while ((uint)product < threshold)
                {
                    product = (ulong)NextUInt32() * size;
                }
            }

            return product >> 32;
        }

        return largest switch
        {
            uint.MaxValue => NextUInt32(),
            ulong.MaxValue => NextUInt64(),
            _ => NextBounded64(largest),
        };
    }

    /// <summary>Draws an integer in [0, largest] the way NumPy's <c>shuffle</c> and <c>permutation</c> do.</summary>
    public ulong NextInterval(ulong largest)
    {
        if (largest == 0)
        {
            return 0;
        }

        var mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(largest);
        ulong value;
        do
        {
            value = (largest <= uint.MaxValue ? NextUInt32() : NextUInt64()) & mask;
        }
        while (value > largest);

        return value;
    }

    /// <summary>Fills a span with a random order of 0, 1, 2, … Equal to <c>permutation(n)</c>.</summary>
    public void Permutation<TInteger>(Span<TInteger> values)
        where TInteger : unmanaged, IBinaryInteger<TInteger>
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = TInteger.CreateTruncating(i);
        }

        Shuffle(values);
    }

    /// <summary>Chooses different numbers from 0 to population − 1. Equal to <c>choice(population, count, replace=False)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More numbers are asked for than there are.</exception>
    public void Choice(long population, Span<long> chosen)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chosen.Length, population, nameof(chosen));
        if (UsesTailShuffle(population, chosen.Length))
        {
            ChooseByTailShuffle(population, chosen);
            return;
        }

        ChooseByFloyd(population, chosen);
        for (var i = chosen.Length - 1; i >= 1; i--)
        {
            var j = (int)NextBounded((ulong)i);
            (chosen[i], chosen[j]) = (chosen[j], chosen[i]);
        }
    }

    /// <summary>Skips what <see cref="Choice"/> would draw.</summary>
    public void SkipChoice(long population, long count)
    {
        if (UsesTailShuffle(population, count))
        {
            for (var i = population - 1; i >= Math.Max(population - count, 1); i--)
            {
                NextBounded((ulong)i);
            }

            return;
        }

        for (var j = population - count; j < population; j++)
        {
            NextBounded((ulong)j);
        }

        for (var i = count - 1; i >= 1; i--)
        {
            NextBounded((ulong)i);
        }
    }

    private static bool UsesTailShuffle(long population, long count) =>
        population > TailShufflePopulation && count > population / TailShuffleShare;

    private void ChooseByTailShuffle(long population, Span<long> chosen)
    {
        var values = new long[population];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i;
        }

        for (var i = values.Length - 1; i >= Math.Max(values.Length - chosen.Length, 1); i--)
        {
            var j = (int)NextBounded((ulong)i);
            (values[i], values[j]) = (values[j], values[i]);
        }

        values.AsSpan(values.Length - chosen.Length).CopyTo(chosen);
    }

    private void ChooseByFloyd(long population, Span<long> chosen)
    {
        var taken = new HashSet<long>(chosen.Length);
        for (var i = 0; i < chosen.Length; i++)
        {
            var candidate = population - chosen.Length + i;
            var value = (long)NextBounded((ulong)candidate);
            if (!taken.Add(value))
            {
                value = candidate;
                taken.Add(value);
            }

            chosen[i] = value;
        }
    }

    private ulong NextBounded64(ulong largest)
    {
        unchecked
        {
            var size = largest + 1;
            var value = Math.BigMul(NextUInt64(), size, out var low);
            if (low < size)
            {
                var threshold = (ulong.MaxValue - largest) % size;
                while (low < threshold)
                {
                    value = Math.BigMul(NextUInt64(), size, out low);
                }
            }

            return value;
        }
    }
}
