// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;

namespace TorchStreaming.Shards;

/// <summary>xxHash with 32 bits and seed 0.</summary>
internal sealed class XxHash32 : BlockShardHash
{
    private const int BlockLength = 16;
    private const uint P1 = 0x9E3779B1;
    private const uint P2 = 0x85EBCA77;
    private const uint P3 = 0xC2B2AE3D;
    private const uint P4 = 0x27D4EB2F;
    private const uint P5 = 0x165667B1;

    private uint _a = unchecked(P1 + P2);
    private uint _b = P2;
    private uint _c;
    private uint _d = unchecked(0 - P1);

    public XxHash32()
        : base("xxh32", BlockLength)
    {
    }

    /// <inheritdoc/>
    protected override void Process(ReadOnlySpan<byte> blocks)
    {
        for (; !blocks.IsEmpty; blocks = blocks[BlockLength..])
        {
            _a = Round(_a, blocks);
            _b = Round(_b, blocks[4..]);
            _c = Round(_c, blocks[8..]);
            _d = Round(_d, blocks[12..]);
        }
    }

    /// <inheritdoc/>
    protected override byte[] Finish(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == BlockLength)
        {
            Process(rest);
            rest = [];
        }

        var hash = TotalLength >= BlockLength
            ? BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7)
                + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18)
            : P5;
        hash += (uint)TotalLength;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            hash = BitOperations.RotateLeft(hash + BinaryPrimitives.ReadUInt32LittleEndian(rest) * P3, 17) * P4;
        }

        foreach (var unit in rest)
        {
            hash = BitOperations.RotateLeft(hash + unit * P5, 11) * P1;
        }

        hash = (hash ^ (hash >> 15)) * P2;
        hash = (hash ^ (hash >> 13)) * P3;
        var digest = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(digest, hash ^ (hash >> 16));
        return digest;
    }

    private static uint Round(uint state, ReadOnlySpan<byte> input) =>
        BitOperations.RotateLeft(state + BinaryPrimitives.ReadUInt32LittleEndian(input) * P2, 13) * P1;
}
