// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;

namespace TorchStreaming.Shards;

/// <summary>xxHash with 64 bits and seed 0.</summary>
internal sealed class XxHash64 : BlockShardHash
{
    /// <summary>The five primes of the family, which XXH3 uses too.</summary>
    public const ulong P1 = 0x9E3779B185EBCA87;
    public const ulong P2 = 0xC2B2AE3D27D4EB4F;
    public const ulong P3 = 0x165667B19E3779F9;
    public const ulong P4 = 0x85EBCA77C2B2AE63;
    public const ulong P5 = 0x27D4EB2F165667C5;

    private const int BlockLength = 32;

    private ulong _a = unchecked(P1 + P2);
    private ulong _b = P2;
    private ulong _c;
    private ulong _d = unchecked(0 - P1);

    public XxHash64()
        : base("xxh64", BlockLength)
    {
    }

    /// <summary>Spreads every bit over the whole hash.</summary>
    public static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }

    /// <inheritdoc/>
    protected override void Process(ReadOnlySpan<byte> blocks)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; blocks.Length >= BlockLength; blocks = blocks[BlockLength..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(blocks));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(blocks[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(blocks[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(blocks[24..]));
        }

        (_a, _b, _c, _d) = (a, b, c, d);
    }

    /// <inheritdoc/>
    protected override byte[] Finish(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == BlockLength)
        {
            Process(rest);
            rest = [];
        }

        var hash = TotalLength >= BlockLength ? MergeLanes() : P5;
        hash += TotalLength;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * P1 + P4;
        }

        if (rest.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * P1), 23) * P2 + P3;
            rest = rest[4..];
        }

        foreach (var unit in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (unit * P5), 11) * P1;
        }

        var digest = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(digest, Avalanche(hash));
        return digest;
    }

    private ulong MergeLanes()
    {
        var hash = BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7)
            + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18);
        hash = (hash ^ Round(0, _a)) * P1 + P4;
        hash = (hash ^ Round(0, _b)) * P1 + P4;
        hash = (hash ^ Round(0, _c)) * P1 + P4;
        return (hash ^ Round(0, _d)) * P1 + P4;
    }

    private static ulong Round(ulong state, ulong input) => BitOperations.RotateLeft(state + input * P2, 31) * P1;
}
