// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;

namespace TorchStreaming.Storage;

/// <summary>A running xxHash with 64 bits: the checksum of AIStore and of shards. Not thread-safe.</summary>
internal sealed class XxHash64
{
    /// <summary>The five primes of the family, which XXH3 uses too.</summary>
    public const ulong P1 = 0x9E3779B185EBCA87;
    public const ulong P2 = 0xC2B2AE3D27D4EB4F;
    public const ulong P3 = 0x165667B19E3779F9;
    public const ulong P4 = 0x85EBCA77C2B2AE63;
    public const ulong P5 = 0x27D4EB2F165667C5;

    private const int BlockLength = 32;

    private readonly byte[] _rest = new byte[BlockLength];
    private readonly ulong _seed;
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private ulong _totalLength;
    private int _restLength;

    /// <summary>Creates a hash of nothing.</summary>
    /// <param name="seed">The seed; 0 for checksums.</param>
    public XxHash64(ulong seed = 0)
    {
        _seed = seed;
        _a = unchecked(seed + P1 + P2);
        _b = unchecked(seed + P2);
        _c = seed;
        _d = unchecked(seed - P1);
    }

    /// <summary>Hashes bytes at once.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = new XxHash64(seed);
        hash.Append(bytes);
        return hash.GetDigest();
    }

    /// <summary>Spreads every bit over the whole hash.</summary>
    public static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _totalLength += (ulong)bytes.Length;
        if (_restLength > 0)
        {
            var taken = Math.Min(bytes.Length, BlockLength - _restLength);
            bytes[..taken].CopyTo(_rest.AsSpan(_restLength));
            bytes = bytes[taken..];
            _restLength += taken;
            if (_restLength < BlockLength)
            {
                return;
            }

            Process(_rest);
        }

        var whole = bytes.Length & ~(BlockLength - 1);
        Process(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
        _restLength = bytes.Length - whole;
    }

    /// <summary>Gets the hash of what was added so far; more may be added afterwards.</summary>
    public ulong GetDigest()
    {
        var rest = (ReadOnlySpan<byte>)_rest.AsSpan(0, _restLength);
        var hash = _totalLength >= BlockLength ? MergeLanes() : _seed + P5;
        hash += _totalLength;
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

        return Avalanche(hash);
    }

    private void Process(ReadOnlySpan<byte> blocks)
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
