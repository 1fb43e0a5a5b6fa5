// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace TorchStreaming.Ordering;

/// <summary>The generator PCG XSL-RR 128/64, as <c>numpy.random.PCG64</c> has it. Mutable: pass it by reference, copy it to keep its
/// state.</summary>
/// <remarks>The 128-bit numbers are kept as halves because the JIT then holds them in registers.</remarks>
internal struct Pcg64
{
    private const ulong MultiplierHigh = 0x2360ED051FC65DA4;
    private const ulong MultiplierLow = 0x4385DF649FCCF645;

    private readonly ulong _incrementHigh;
    private readonly ulong _incrementLow;
    private ulong _high;
    private ulong _low;

    /// <summary>Seeds the generator like <c>numpy.random.PCG64(seed)</c>.</summary>
    public Pcg64(UInt128 seed)
    {
        Span<uint> words = stackalloc uint[8];
        SeedSequence.Generate(seed, words);
        var start = new UInt128(Join(words[0], words[1]), Join(words[2], words[3]));
        var sequence = new UInt128(Join(words[4], words[5]), Join(words[6], words[7]));
        var increment = (sequence << 1) | 1;
        _incrementHigh = (ulong)(increment >> 64);
        _incrementLow = (ulong)increment;
        // The reference steps from state 0, adds the start and steps again.
        var state = unchecked(increment + start);
        _high = (ulong)(state >> 64);
        _low = (ulong)state;
        Next();
    }

    /// <summary>Gets the 128-bit state.</summary>
    public readonly UInt128 State => new(_high, _low);

    /// <summary>Gets the 128-bit increment, which the seed fixes.</summary>
    public readonly UInt128 Increment => new(_incrementHigh, _incrementLow);

    /// <summary>Gets the random bits of the state, which are those of the last draw.</summary>
    public readonly ulong Output => ulong.RotateRight(_high ^ _low, (int)(_high >> 58));

    /// <summary>Draws 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        var (high, low) = (_high, _low);
        MultiplyAdd(ref high, ref low, MultiplierHigh, MultiplierLow, _incrementHigh, _incrementLow);
        (_high, _low) = (high, low);
        return Output;
    }

    /// <summary>Takes several steps at once with a stride that <see cref="GetStride"/> made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(in Stride stride) => MultiplyAdd(
        ref _high, ref _low, stride.FactorHigh, stride.FactorLow, stride.SumHigh, stride.SumLow);

    /// <summary>Combines as many steps as there are draws into one, in logarithmic time.</summary>
    public readonly Stride GetStride(ulong draws)
    {
        var multiplier = new UInt128(MultiplierHigh, MultiplierLow);
        var increment = Increment;
        UInt128 factor = 1;
        UInt128 sum = 0;
        while (draws > 0)
        {
            if ((draws & 1) != 0)
            {
                factor = unchecked(factor * multiplier);
                sum = unchecked((sum * multiplier) + increment);
            }

            increment = unchecked((multiplier + 1) * increment);
            multiplier = unchecked(multiplier * multiplier);
            draws >>= 1;
        }

        return new Stride((ulong)(factor >> 64), (ulong)factor, (ulong)(sum >> 64), (ulong)sum);
    }

    /// <summary>Skips draws as if <see cref="Next"/> had been called that often, in logarithmic time.</summary>
    public void Advance(ulong draws) => Step(GetStride(draws));

    private static ulong Join(uint low, uint high) => low | ((ulong)high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(ref ulong high, ref ulong low, ulong factorHigh, ulong factorLow, ulong sumHigh, ulong sumLow)
    {
        unchecked
        {
            var newHigh = Math.BigMul(low, factorLow, out var newLow);
            newHigh += (high * factorLow) + (low * factorHigh);
            newLow += sumLow;
            high = newHigh + sumHigh + (newLow < sumLow ? 1UL : 0UL);
            low = newLow;
        }
    }

    /// <summary>Several steps in one: the factor and the sum of the linear congruence, as halves.</summary>
    internal readonly record struct Stride(ulong FactorHigh, ulong FactorLow, ulong SumHigh, ulong SumLow);
}
