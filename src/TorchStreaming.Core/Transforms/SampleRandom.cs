// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The random numbers of one transform for one sample: a function of seed, epoch, sample and the transform's place, and of nothing
/// else.</summary>
/// <remarks>
/// <para>The numbers are part of what a dataset delivers, so the algorithm is fixed: block <c>n</c> of four 64-bit words is Philox4x64-10
/// with key (seed, epoch) and counter (n, place, sample id, 0), least word first; words are handed out in order.
/// <c>numpy.random.Philox(key=…, counter=…)</c> gives the same words from a counter that is one less, since NumPy counts up before each
/// block.</para>
/// <para>A double is the upper 53 bits of a word times 2⁻⁵³. An integer below n is the upper half of the 128-bit product of a word and n,
/// drawn again while the lower half is below 2⁶⁴ mod n.</para>
/// <para>A mutable value: pass it by reference. Nothing is allocated.</para>
/// </remarks>
public struct SampleRandom
{
    private readonly ulong _key0;
    private readonly ulong _key1;
    private readonly ulong _place;
    private readonly ulong _sample;
    private ulong _block;
    private int _used;
    private (ulong W0, ulong W1, ulong W2, ulong W3) _words;

    /// <summary>Creates the generator at its first word.</summary>
    /// <param name="context">Seed, epoch and sample.</param>
    /// <param name="place">The transform's place, so that two transforms of one sample draw different numbers.</param>
    public SampleRandom(in TransformContext context, long place)
    {
        _key0 = unchecked((ulong)context.Seed);
        _key1 = unchecked((ulong)context.Epoch);
        _place = unchecked((ulong)place);
        _sample = unchecked((ulong)context.SampleId);
        _used = 4;
    }

    /// <summary>Draws 64 random bits.</summary>
    /// <returns>The bits.</returns>
    public ulong NextUInt64()
    {
        if (_used == 4)
        {
            _words = Philox.Compute(_block, _place, _sample, 0, _key0, _key1);
            _block++;
            _used = 0;
        }

        return _used++ switch
        {
            0 => _words.W0,
            1 => _words.W1,
            2 => _words.W2,
            _ => _words.W3,
        };
    }

    /// <summary>Draws a number from 0 to 1, 1 excluded, one word.</summary>
    /// <returns>The number.</returns>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a number from a range, as <c>low + (high - low)·</c><see cref="NextDouble()"/>.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <returns>The number.</returns>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Draws an integer from 0 to <paramref name="bound"/> - 1, every one equally likely.</summary>
    /// <param name="bound">How many integers there are, at least 1.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (ulong)bound;
        var high = Math.BigMul(NextUInt64(), range, out var low);
        if (low < range)
        {
            var reject = unchecked(0UL - range) % range;
            while (low < reject)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)high;
    }

    /// <summary>Draws whether something happens.</summary>
    /// <param name="probability">How likely it is, from 0 to 1.</param>
    /// <returns><see langword="true"/> with that probability; one word is drawn in any case.</returns>
    public bool NextBoolean(double probability = 0.5) => NextDouble() < probability;
}
