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
        Step();
    }

    /// <summary>Gets the 128-bit state.</summary>
    public readonly UInt128 State => new(_high, _low);

    /// <summary>Gets the 128-bit increment, which the seed fixes.</summary>
    public readonly UInt128 Increment => new(_incrementHigh, _incrementLow);

    /// <summary>Draws 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        Step();
        return ulong.RotateRight(_high ^ _low, (int)(_high >> 58));
    }

    /// <summary>Skips draws as if <see cref="Next"/> had been called that often, in logarithmic time.</summary>
    public void Advance(ulong draws)
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

        var state = unchecked((factor * State) + sum);
        _high = (ulong)(state >> 64);
        _low = (ulong)state;
    }

    private static ulong Join(uint low, uint high) => low | ((ulong)high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step()
    {
        unchecked
        {
            var high = Math.BigMul(_low, MultiplierLow, out var low);
            high += (_high * MultiplierLow) + (_low * MultiplierHigh);
            low += _incrementLow;
            high += _incrementHigh + (low < _incrementLow ? 1UL : 0UL);
            _high = high;
            _low = low;
        }
    }
}
