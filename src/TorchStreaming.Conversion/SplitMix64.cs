// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A small generator whose numbers are the same everywhere: it shuffles conversions and paints synthetic images. Not for the
/// order of
/// training samples, which follows NumPy (stage Ordering).</summary>
internal struct SplitMix64
{
    private ulong _state;

    /// <summary>Creates a generator whose numbers depend on every one of the keys.</summary>
    public SplitMix64(params ReadOnlySpan<long> keys)
    {
        foreach (var key in keys)
        {
            _state ^= (ulong)key;
            _state = Next();
        }
    }

    /// <summary>Draws 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Draws a number from 0 to <paramref name="exclusiveMaximum"/> - 1, every one equally likely.</summary>
    public long NextBelow(long exclusiveMaximum)
    {
        var range = (ulong)exclusiveMaximum;
        var high = Math.BigMul(Next(), range, out var low);
        if (low < range)
        {
            // The first (2^64 mod range) values of the low half would make some results likelier than others.
            var threshold = unchecked(0UL - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(Next(), range, out low);
            }
        }

        return (long)high;
    }

    /// <summary>Draws a number from <paramref name="minimum"/> to just below <paramref name="maximum"/>.</summary>
    public float NextBetween(float minimum, float maximum)
    {
        // 24 bits fill a float's significand, so the result never rounds up to the maximum of the unit interval.
        var unit = (Next() >> 40) * (1f / (1 << 24));
        return minimum + unit * (maximum - minimum);
    }

    /// <summary>Shuffles a list in place, every order equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)NextBelow(i + 1L);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
