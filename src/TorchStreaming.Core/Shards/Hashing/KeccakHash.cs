// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;

namespace TorchStreaming.Shards;

/// <summary>SHA-3 (FIPS 202), for the sizes and systems where the base class library has none.</summary>
internal sealed class KeccakHash : BlockShardHash
{
    private const int Lanes = 25;

    private static readonly ulong[] RoundConstants =
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    private readonly ulong[] _state = new ulong[Lanes];
    private readonly int _digestLength;
    private readonly int _rate;

    /// <summary>Creates the hash.</summary>
    /// <param name="name">Upstream's name.</param>
    /// <param name="digestLength">The number of bytes of the digest.</param>
    public KeccakHash(string name, int digestLength)
        : base(name, 200 - 2 * digestLength)
    {
        _digestLength = digestLength;
        _rate = 200 - 2 * digestLength;
    }

    /// <inheritdoc/>
    protected override void Process(ReadOnlySpan<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[_rate..])
        {
            Absorb(blocks[.._rate]);
        }
    }

    /// <inheritdoc/>
    protected override byte[] Finish(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == _rate)
        {
            Absorb(rest);
            rest = [];
        }

        Span<byte> block = stackalloc byte[200];
        block = block[.._rate];
        block.Clear();
        rest.CopyTo(block);
        block[rest.Length] = 0x06;
        block[^1] |= 0x80;
        Absorb(block);
        Span<byte> output = stackalloc byte[8 * Lanes];
        for (var i = 0; i < Lanes; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(output[(8 * i)..], _state[i]);
        }

        return output[.._digestLength].ToArray();
    }

    private void Absorb(ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < block.Length / 8; i++)
        {
            _state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }

        foreach (var constant in RoundConstants)
        {
            Permute(_state, constant);
        }
    }

    /// <summary>One round; lane (x, y) is at 5·y + x.</summary>
    private static void Permute(Span<ulong> a, ulong constant)
    {
        Span<ulong> parity = stackalloc ulong[5];
        for (var x = 0; x < 5; x++)
        {
            parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }

        for (var i = 0; i < Lanes; i++)
        {
            a[i] ^= parity[(i + 4) % 5] ^ BitOperations.RotateLeft(parity[(i + 1) % 5], 1);
        }

        // Rho turns each lane by the next triangular number while pi walks it to its new place.
        var moved = a[1];
        var (column, row) = (1, 0);
        for (var step = 0; step < Lanes - 1; step++)
        {
            (column, row) = (row, (2 * column + 3 * row) % 5);
            var place = 5 * row + column;
            (moved, a[place]) = (a[place], BitOperations.RotateLeft(moved, (step + 1) * (step + 2) / 2 % 64));
        }

        for (var y = 0; y < Lanes; y += 5)
        {
            a.Slice(y, 5).CopyTo(parity);
            for (var x = 0; x < 5; x++)
            {
                a[y + x] = parity[x] ^ (~parity[(x + 1) % 5] & parity[(x + 2) % 5]);
            }
        }

        a[0] ^= constant;
    }
}
