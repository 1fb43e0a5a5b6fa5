// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>XXH3 with 64 or 128 bits and seed 0: what both have in common, which is all of it for long input.</summary>
/// <remarks>Long input runs through eight accumulators in stripes of 64 bytes; sixteen stripes make a block, after which the accumulators
/// are scrambled. The last stripe may overlap the one before it. Input up to 240 bytes is hashed by <see cref="XxHash3Short"/>.</remarks>
internal sealed class XxHash3 : ShardHash
{
    private const int StripeLength = 64;
    private const int StripesPerBlock = 16;
    private const int BufferLength = 4 * StripeLength;
    private const int LastStripeSecret = XxHash3Secret.Length - StripeLength - 7;
    private const int MergeSecret = 11;
    private const uint P32A = 0x9E3779B1;
    private const uint P32B = 0x85EBCA77;
    private const uint P32C = 0xC2B2AE3D;

    private readonly ulong[] _lanes = [P32C, XxHash64.P1, XxHash64.P2, XxHash64.P3, XxHash64.P4, P32B, XxHash64.P5, P32A];
    private readonly byte[] _buffer = new byte[BufferLength];
    private readonly bool _isWide;
    private int _buffered;
    private int _stripes;
    private ulong _total;

    /// <summary>Creates the hash.</summary>
    /// <param name="name">Upstream's name.</param>
    /// <param name="isWide">Whether the digest has 128 bits.</param>
    public XxHash3(string name, bool isWide)
    {
        Name = name;
        _isWide = isWide;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        _total += (ulong)bytes.Length;
        if (bytes.Length <= BufferLength - _buffered)
        {
            bytes.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += bytes.Length;
            return;
        }

        if (_buffered > 0)
        {
            var missing = BufferLength - _buffered;
            bytes[..missing].CopyTo(_buffer.AsSpan(_buffered));
            bytes = bytes[missing..];
            Consume(_buffer);
        }

        if (bytes.Length > BufferLength)
        {
            // At least one byte stays back; the last stripe is kept in case the rest is shorter than one.
            var whole = (bytes.Length - 1) / StripeLength * StripeLength;
            Consume(bytes[..whole]);
            bytes.Slice(whole - StripeLength, StripeLength).CopyTo(_buffer.AsSpan(BufferLength - StripeLength));
            bytes = bytes[whole..];
        }

        bytes.CopyTo(_buffer);
        _buffered = bytes.Length;
    }

    /// <inheritdoc/>
    public override string GetHexDigest()
    {
        UInt128 hash;
        if (_total <= XxHash3Short.MaxLength)
        {
            var input = _buffer.AsSpan(0, (int)_total);
            hash = _isWide ? XxHash3Short.Hash128(input) : XxHash3Short.Hash64(input);
        }
        else
        {
            hash = FinishLong();
        }

        var digest = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(digest, hash);
        return Convert.ToHexStringLower(_isWide ? digest : digest.AsSpan(8));
    }

    private UInt128 FinishLong()
    {
        Span<byte> last = stackalloc byte[StripeLength];
        if (_buffered >= StripeLength)
        {
            Consume(_buffer.AsSpan(0, (_buffered - 1) / StripeLength * StripeLength));
            _buffer.AsSpan(_buffered - StripeLength, StripeLength).CopyTo(last);
        }
        else
        {
            var before = StripeLength - _buffered;
            _buffer.AsSpan(BufferLength - before).CopyTo(last);
            _buffer.AsSpan(0, _buffered).CopyTo(last[before..]);
        }

        Accumulate(last, XxHash3Secret.Bytes[LastStripeSecret..]);
        var low = Merge(MergeSecret, _total * XxHash64.P1);
        return _isWide ? new UInt128(Merge(XxHash3Secret.Length - StripeLength - MergeSecret, ~(_total * XxHash64.P2)), low) : low;
    }

    private void Consume(ReadOnlySpan<byte> stripes)
    {
        while (!stripes.IsEmpty)
        {
            var run = Math.Min(stripes.Length / StripeLength, StripesPerBlock - _stripes);
            Accumulate(stripes[..(run * StripeLength)], XxHash3Secret.Bytes[(8 * _stripes)..]);
            stripes = stripes[(run * StripeLength)..];
            _stripes += run;
            if (_stripes == StripesPerBlock)
            {
                Scramble();
                _stripes = 0;
            }
        }
    }

    /// <summary>Takes stripes, each with a secret that begins eight bytes behind the one before. The lanes stay in registers.</summary>
    private void Accumulate(ReadOnlySpan<byte> stripes, ReadOnlySpan<byte> secret)
    {
        var lanes = _lanes.AsSpan(0, 8);
        var (l0, l1, l2, l3) = (lanes[0], lanes[1], lanes[2], lanes[3]);
        var (l4, l5, l6, l7) = (lanes[4], lanes[5], lanes[6], lanes[7]);
        for (; stripes.Length >= StripeLength; stripes = stripes[StripeLength..], secret = secret[8..])
        {
            var stripe = stripes[..StripeLength];
            var mask = secret[..StripeLength];
            Mix(stripe, mask, ref l0, ref l1);
            Mix(stripe[16..], mask[16..], ref l2, ref l3);
            Mix(stripe[32..], mask[32..], ref l4, ref l5);
            Mix(stripe[48..], mask[48..], ref l6, ref l7);
        }

        (lanes[0], lanes[1], lanes[2], lanes[3]) = (l0, l1, l2, l3);
        (lanes[4], lanes[5], lanes[6], lanes[7]) = (l4, l5, l6, l7);
    }

    /// <summary>Takes sixteen bytes into two lanes: each gets the product of its own half's parts and the other half as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ReadOnlySpan<byte> stripe, ReadOnlySpan<byte> secret, ref ulong even, ref ulong odd)
    {
        var first = BinaryPrimitives.ReadUInt64LittleEndian(stripe);
        var second = BinaryPrimitives.ReadUInt64LittleEndian(stripe[8..]);
        var firstKey = first ^ BinaryPrimitives.ReadUInt64LittleEndian(secret);
        var secondKey = second ^ BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
        even += second + ((uint)firstKey * (firstKey >> 32));
        odd += first + ((uint)secondKey * (secondKey >> 32));
    }

    private void Scramble()
    {
        var secret = XxHash3Secret.Bytes[(XxHash3Secret.Length - StripeLength)..];
        for (var i = 0; i < _lanes.Length; i++)
        {
            var lane = _lanes[i];
            _lanes[i] = (lane ^ (lane >> 47) ^ BinaryPrimitives.ReadUInt64LittleEndian(secret[(8 * i)..])) * P32A;
        }
    }

    private ulong Merge(int secret, ulong start)
    {
        var result = start;
        for (var i = 0; i < 4; i++)
        {
            result += XxHash3Short.Fold(
                _lanes[2 * i] ^ XxHash3Secret.Read64(secret + 16 * i), _lanes[2 * i + 1] ^ XxHash3Secret.Read64(secret + 16 * i + 8));
        }

        return XxHash3Short.Avalanche(result);
    }
}
