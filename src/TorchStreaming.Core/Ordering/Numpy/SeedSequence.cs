// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Turns a seed of any size into well mixed words. Equal to <c>numpy.random.SeedSequence(seed)</c> without a spawn key.</summary>
internal static class SeedSequence
{
    private const int PoolSize = 4;
    private const uint InitA = 0x43B0D7E5;
    private const uint MultA = 0x931E8875;
    private const uint InitB = 0x8B51F9DD;
    private const uint MultB = 0x58F38DED;
    private const uint MixLeft = 0xCA01F9DD;
    private const uint MixRight = 0x4973F715;
    private const int Shift = 16;

    /// <summary>Fills the entropy pool from a seed.</summary>
    public static void FillPool(UInt128 seed, Span<uint> pool)
    {
        // A seed of at most 128 bits has at most four words, so the pool takes them all at once and the rule for further words never
        // applies.
        var hash = InitA;
        for (var i = 0; i < PoolSize; i++)
        {
            pool[i] = Hash((uint)(seed >> (32 * i)), ref hash);
        }

        for (var source = 0; source < PoolSize; source++)
        {
            for (var target = 0; target < PoolSize; target++)
            {
                if (source != target)
                {
                    pool[target] = Mix(pool[target], Hash(pool[source], ref hash));
                }
            }
        }
    }

    /// <summary>Draws words from the pool of a seed. Equal to <c>generate_state(n, uint32)</c>.</summary>
    public static void Generate(UInt128 seed, Span<uint> words)
    {
        Span<uint> pool = stackalloc uint[PoolSize];
        FillPool(seed, pool);
        var hash = InitB;
        for (var i = 0; i < words.Length; i++)
        {
            var word = pool[i % PoolSize] ^ hash;
            hash *= MultB;
            word *= hash;
            words[i] = word ^ (word >> Shift);
        }
    }

    private static uint Hash(uint word, ref uint hash)
    {
        word ^= hash;
        hash *= MultA;
        word *= hash;
        return word ^ (word >> Shift);
    }

    private static uint Mix(uint left, uint right)
    {
        var word = (MixLeft * left) - (MixRight * right);
        return word ^ (word >> Shift);
    }
}
