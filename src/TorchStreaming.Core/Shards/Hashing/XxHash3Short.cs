// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>XXH3 of input up to 240 bytes, with a way of its own for each range of lengths, and the mixing steps of all of XXH3.</summary>
internal static class XxHash3Short
{
    public const int MaxLength = 240;

    private const ulong Mix1 = 0x165667919E3779F9;
    private const ulong Mix2 = 0x9FB21C651E98DF25;

    public static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 37)) * Mix1;
        return hash ^ (hash >> 32);
    }

    /// <summary>Multiplies to 128 bits and folds the halves together.</summary>
    public static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return low ^ high;
    }

    public static ulong Hash64(ReadOnlySpan<byte> input) => input.Length switch
    {
        0 => XxHash64.Avalanche(XxHash3Secret.Read64(56) ^ XxHash3Secret.Read64(64)),
        <= 3 => XxHash64.Avalanche(Combine(input) ^ (XxHash3Secret.Read32(0) ^ XxHash3Secret.Read32(4))),
        <= 8 => Hash64Of4To8(input),
        <= 16 => Hash64Of9To16(input),
        <= 128 => Hash64Of17To128(input),
        _ => Hash64Of129To240(input),
    };

    public static UInt128 Hash128(ReadOnlySpan<byte> input) => input.Length switch
    {
        0 => new UInt128(
            XxHash64.Avalanche(XxHash3Secret.Read64(80) ^ XxHash3Secret.Read64(88)),
            XxHash64.Avalanche(XxHash3Secret.Read64(64) ^ XxHash3Secret.Read64(72))),
        <= 3 => Hash128Of1To3(input),
        <= 8 => Hash128Of4To8(input),
        <= 16 => Hash128Of9To16(input),
        <= 128 => Hash128Of17To128(input),
        _ => Hash128Of129To240(input),
    };

    private static uint Combine(ReadOnlySpan<byte> input) =>
        ((uint)input[0] << 16) | ((uint)input[input.Length >> 1] << 24) | input[^1] | ((uint)input.Length << 8);

    private static ulong Read64(ReadOnlySpan<byte> input, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(input[offset..]);

    private static uint Read32(ReadOnlySpan<byte> input, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(input[offset..]);

    private static ulong Mix16(ReadOnlySpan<byte> input, int offset, int secret) =>
        Fold(Read64(input, offset) ^ XxHash3Secret.Read64(secret), Read64(input, offset + 8) ^ XxHash3Secret.Read64(secret + 8));

    private static ulong Hash64Of4To8(ReadOnlySpan<byte> input)
    {
        var value = Read32(input, input.Length - 4) + ((ulong)Read32(input, 0) << 32);
        var hash = value ^ XxHash3Secret.Read64(8) ^ XxHash3Secret.Read64(16);
        hash ^= BitOperations.RotateLeft(hash, 49) ^ BitOperations.RotateLeft(hash, 24);
        hash *= Mix2;
        hash ^= (hash >> 35) + (ulong)input.Length;
        hash *= Mix2;
        return hash ^ (hash >> 28);
    }

    private static ulong Hash64Of9To16(ReadOnlySpan<byte> input)
    {
        var low = Read64(input, 0) ^ XxHash3Secret.Read64(24) ^ XxHash3Secret.Read64(32);
        var high = Read64(input, input.Length - 8) ^ XxHash3Secret.Read64(40) ^ XxHash3Secret.Read64(48);
        return Avalanche((ulong)input.Length + BinaryPrimitives.ReverseEndianness(low) + high + Fold(low, high));
    }

    private static ulong Hash64Of17To128(ReadOnlySpan<byte> input)
    {
        var sum = (ulong)input.Length * XxHash64.P1;
        for (var i = (input.Length - 1) / 32; i >= 0; i--)
        {
            sum += Mix16(input, 16 * i, 32 * i);
            sum += Mix16(input, input.Length - 16 * (i + 1), 32 * i + 16);
        }

        return Avalanche(sum);
    }

    private static ulong Hash64Of129To240(ReadOnlySpan<byte> input)
    {
        var sum = (ulong)input.Length * XxHash64.P1;
        for (var i = 0; i < 8; i++)
        {
            sum += Mix16(input, 16 * i, 16 * i);
        }

        sum = Avalanche(sum);
        for (var i = 8; i < input.Length / 16; i++)
        {
            sum += Mix16(input, 16 * i, 16 * (i - 8) + 3);
        }

        return Avalanche(sum + Mix16(input, input.Length - 16, 136 - 17));
    }

    private static UInt128 Hash128Of1To3(ReadOnlySpan<byte> input)
    {
        var low = Combine(input);
        var high = BitOperations.RotateLeft(BinaryPrimitives.ReverseEndianness(low), 13);
        return new UInt128(
            XxHash64.Avalanche(high ^ (XxHash3Secret.Read32(8) ^ XxHash3Secret.Read32(12))),
            XxHash64.Avalanche(low ^ (XxHash3Secret.Read32(0) ^ XxHash3Secret.Read32(4))));
    }

    private static UInt128 Hash128Of4To8(ReadOnlySpan<byte> input)
    {
        var value = Read32(input, 0) + ((ulong)Read32(input, input.Length - 4) << 32);
        var key = value ^ XxHash3Secret.Read64(16) ^ XxHash3Secret.Read64(24);
        var high = Math.BigMul(key, XxHash64.P1 + ((ulong)input.Length << 2), out var low);
        high += low << 1;
        low ^= high >> 3;
        low = (low ^ (low >> 35)) * Mix2;
        return new UInt128(Avalanche(high), low ^ (low >> 28));
    }

    private static UInt128 Hash128Of9To16(ReadOnlySpan<byte> input)
    {
        const uint prime = 0x85EBCA77;
        var first = Read64(input, 0);
        var last = Read64(input, input.Length - 8);
        var high = Math.BigMul(first ^ last ^ XxHash3Secret.Read64(32) ^ XxHash3Secret.Read64(40), XxHash64.P1, out var low);
        low += (ulong)(input.Length - 1) << 54;
        last ^= XxHash3Secret.Read64(48) ^ XxHash3Secret.Read64(56);
        high += last + (uint)last * (ulong)(prime - 1);
        low ^= BinaryPrimitives.ReverseEndianness(high);
        var top = Math.BigMul(low, XxHash64.P2, out var bottom);
        return new UInt128(Avalanche(top + high * XxHash64.P2), Avalanche(bottom));
    }

    private static UInt128 Hash128Of17To128(ReadOnlySpan<byte> input)
    {
        var (low, high) = ((ulong)input.Length * XxHash64.P1, 0UL);
        for (var i = (input.Length - 1) / 32; i >= 0; i--)
        {
            Mix32(ref low, ref high, input, 16 * i, input.Length - 16 * (i + 1), 32 * i);
        }

        return Finish128(low, high, input.Length);
    }

    private static UInt128 Hash128Of129To240(ReadOnlySpan<byte> input)
    {
        var (low, high) = ((ulong)input.Length * XxHash64.P1, 0UL);
        for (var i = 0; i < 128; i += 32)
        {
            Mix32(ref low, ref high, input, i, i + 16, i);
        }

        (low, high) = (Avalanche(low), Avalanche(high));
        for (var i = 128; i <= input.Length - 32; i += 32)
        {
            Mix32(ref low, ref high, input, i, i + 16, 3 + i - 128);
        }

        Mix32(ref low, ref high, input, input.Length - 16, input.Length - 32, 136 - 17 - 16);
        return Finish128(low, high, input.Length);
    }

    private static void Mix32(ref ulong low, ref ulong high, ReadOnlySpan<byte> input, int first, int second, int secret)
    {
        low += Mix16(input, first, secret);
        low ^= Read64(input, second) + Read64(input, second + 8);
        high += Mix16(input, second, secret + 16);
        high ^= Read64(input, first) + Read64(input, first + 8);
    }

    private static UInt128 Finish128(ulong low, ulong high, int length) => new(
        0 - Avalanche(low * XxHash64.P1 + high * XxHash64.P4 + (ulong)length * XxHash64.P2),
        Avalanche(low + high));
}
