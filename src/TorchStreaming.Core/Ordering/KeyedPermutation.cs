// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Ordering;

/// <summary>A pseudo-random order of the numbers below a bound, every place of which is computed from a key without any memory.</summary>
/// <remarks>A Feistel network over the smallest power of two that holds the bound, repeated while the result is beyond the bound (cycle
/// walking; less than twice on average). Each round changes one half by a function of the other, so any number of rounds is a
/// bijection.</remarks>
internal readonly struct KeyedPermutation
{
    private readonly int _rounds;
    private readonly ulong _key;
    private readonly ulong _bound;
    private readonly int _rightBits;
    private readonly ulong _leftMask;
    private readonly ulong _rightMask;

    /// <summary>Creates the order of 0 to <paramref name="bound"/> − 1 that belongs to a key.</summary>
    public KeyedPermutation(ulong key, long bound)
    {
        _key = key;
        _bound = (ulong)bound;
        var bits = bound <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount(_bound - 1);
        // The narrower the halves, the less a round mixes; tests count where every number goes over many keys.
        _rounds = bits switch
        {
            <= 8 => 32,
            <= 12 => 12,
            _ => 6,
        };
        _rightBits = (bits + 1) / 2;
        _rightMask = (1UL << _rightBits) - 1;
        _leftMask = (1UL << (bits - _rightBits)) - 1;
    }

    /// <summary>Gets the number at a place.</summary>
    public long this[long place]
    {
        get
        {
            var value = (ulong)place;
            if (_bound <= 1)
            {
                return 0;
            }

            do
            {
                value = Scramble(value);
            }
            while (value >= _bound);

            return (long)value;
        }
    }

    /// <summary>Gets the numbers at consecutive places, at less cost than one by one: the processor works on several at a time, since none
    /// waits to see whether the one before is below the bound.</summary>
    /// <param name="place">The first place.</param>
    /// <param name="numbers">Receives the numbers.</param>
    public void Read(long place, Span<long> numbers)
    {
        if (_bound <= 1)
        {
            numbers.Clear();
            return;
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (long)Scramble((ulong)(place + i));
        }

        foreach (ref var number in numbers)
        {
            while ((ulong)number >= _bound)
            {
                number = (long)Scramble((ulong)number);
            }
        }
    }

    /// <summary>Makes a key from a key and a number, so that different numbers give unrelated keys.</summary>
    public static ulong DeriveKey(ulong key, ulong number)
    {
        unchecked
        {
            // The finalizer of SplitMix64 over both, once for each.
            return Finish(Finish(key + 0x9E3779B97F4A7C15) ^ (number * 0xD1B54A32D192ED03));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Scramble(ulong value)
    {
        unchecked
        {
            var left = value >> _rightBits;
            var right = value & _rightMask;
            var key = _key;
            for (var round = 0; round < _rounds; round += 2)
            {
                left ^= Finish(right + key) & _leftMask;
                key += 0x9E3779B97F4A7C15;
                right ^= Finish(left + key) & _rightMask;
                key += 0x9E3779B97F4A7C15;
            }

            return (left << _rightBits) | right;
        }
    }
}
