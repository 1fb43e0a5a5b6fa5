// SPDX-License-Identifier: MIT

namespace TorchStreaming.Transforms;

/// <summary>Philox4x64-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a bijection of a 256-bit counter under a
/// 128-bit key.</summary>
internal static class Philox
{
    private const int Rounds = 10;
    private const ulong Multiplier0 = 0xD2E7_470E_E14C_6C93;
    private const ulong Multiplier1 = 0xCA5A_8263_9512_1157;
    private const ulong KeyStep0 = 0x9E37_79B9_7F4A_7C15;
    private const ulong KeyStep1 = 0xBB67_AE85_84CA_A73B;

    /// <summary>Computes four random words.</summary>
    public static (ulong W0, ulong W1, ulong W2, ulong W3) Compute(ulong c0, ulong c1, ulong c2, ulong c3, ulong k0, ulong k1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var high0 = Math.BigMul(Multiplier0, c0, out var low0);
            var high1 = Math.BigMul(Multiplier1, c2, out var low1);
            (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0);
            unchecked
            {
                k0 += KeyStep0;
                k1 += KeyStep1;
            }
        }

        return (c0, c1, c2, c3);
    }
}
