// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TorchStreaming.Shards;

/// <summary>The text of one shard's entry, with the places in which the entries of its neighbors differ: numbers and digests. Entries that
/// are the same text everywhere else become records without being parsed, at a twentieth of the cost.</summary>
/// <remarks>What matches is JSON, and a shard, because the entry that it was learned from was: a number is where a number was, and
/// lowercase hexadecimal digits where as many was. What does not match says nothing, and is for the parser. An index is opened once in a
/// process, so the loops are compiled well at once: at 60,000 shards, quick code first took four times as long.</remarks>
internal sealed class EntryPattern
{
    private readonly byte[] _text;
    private readonly byte[] _record;
    private readonly Slot[] _slots;
    private readonly ShardTemplate _template;

    private EntryPattern(ReadOnlySpan<byte> text, ReadOnlySpan<byte> record, Slot[] slots, ShardTemplate template)
    {
        _text = text.ToArray();
        _record = record.ToArray();
        _slots = slots;
        _template = template;
    }

    /// <summary>What is at a place.</summary>
    internal enum SlotKind
    {
        /// <summary>The number of samples.</summary>
        Samples,

        /// <summary>The size of a file.</summary>
        Bytes,

        /// <summary>The number in a file's name, the same for all files of a shard.</summary>
        Number,

        /// <summary>The hexadecimal digest of a file.</summary>
        Digest,
    }

    /// <summary>Gets the template of the records.</summary>
    public ShardTemplate Template => _template;

    /// <summary>Learns from an entry that was parsed.</summary>
    /// <param name="text">The entry's text.</param>
    /// <param name="template">The template that its shard fits.</param>
    /// <param name="record">The record that the template made of its shard.</param>
    /// <returns>The pattern, or <see langword="null"/> when the entry is written in an unusual way.</returns>
    public static EntryPattern? TryLearn(ReadOnlySpan<byte> text, ShardTemplate template, ReadOnlySpan<byte> record)
    {
        var slots = new List<Slot>();
        var reader = new Utf8JsonReader(text);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = IndexEntry.Recognize(ref reader);
            reader.Read();
            if (key == IndexKey.Samples)
            {
                slots.Add(Slot.OfToken(SlotKind.Samples, ref reader, 0));
            }
            else if (reader.TokenType == JsonTokenType.StartObject
                && key is IndexKey.RawData or IndexKey.ZipData or IndexKey.RawMeta or IndexKey.ZipMeta)
            {
                if (!TryLearnFile(ref reader, template, template.FindFile(key), slots))
                {
                    return null;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        var pattern = new EntryPattern(text, record, [.. slots], template);
        Span<byte> again = new byte[record.Length];
        return slots.Count == template.VariableCount && pattern.TryMatch(text, again, out var length) && length == text.Length
            && again.SequenceEqual(record) ? pattern : null;
    }

    /// <summary>Reads an entry that differs in the known places alone.</summary>
    /// <param name="text">The entry and what follows it.</param>
    /// <param name="record">Receives the record; nothing of it counts when the entry does not match.</param>
    /// <param name="length">The length of the entry.</param>
    /// <returns>Whether the entry matches and may be trusted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryMatch(ReadOnlySpan<byte> text, Span<byte> record, out int length)
    {
        length = 0;
        _record.CopyTo(record);
        var rest = text;
        var (from, number) = (0, -1L);
        foreach (var slot in _slots)
        {
            if (!TrySkip(ref rest, _text.AsSpan(from, slot.Start - from)) || !TryRead(ref rest, slot, record, ref number))
            {
                return false;
            }

            from = slot.End;
        }

        if (!TrySkip(ref rest, _text.AsSpan(from)))
        {
            return false;
        }

        length = text.Length - rest.Length;
        return _template.TryMeasure(record, out _, out _);
    }

    private static bool TryLearnFile(ref Utf8JsonReader reader, ShardTemplate template, int file, List<Slot> slots)
    {
        if (file < 0)
        {
            return false;
        }

        var offset = template.GetFileOffset(file);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isBytes, isName, isHashes) =
                (reader.ValueTextEquals("bytes"u8), reader.ValueTextEquals("basename"u8), reader.ValueTextEquals("hashes"u8));
            reader.Read();
            if (isBytes)
            {
                slots.Add(Slot.OfToken(SlotKind.Bytes, ref reader, offset));
            }
            else if (isName)
            {
                // The name's end is where its number ends, so that names of more digits match too.
                var (prefix, suffix) = template.Names[file].GetUtf8Lengths();
                var token = Slot.OfToken(SlotKind.Number, ref reader, sizeof(int));
                slots.Add(token with { Start = token.Start + prefix, End = token.End - suffix });
            }
            else if (isHashes)
            {
                if (!TryLearnDigests(ref reader, template.GetHashes(file), offset + sizeof(long), slots))
                {
                    return false;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return true;
    }

    private static bool TryLearnDigests(ref Utf8JsonReader reader, FileDigests digests, int offset, List<Slot> slots)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = digests.FindPacked(reader.GetString()!);
            reader.Read();
            if (at < 0)
            {
                return false;
            }

            slots.Add(Slot.OfToken(SlotKind.Digest, ref reader, offset + at));
        }

        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> literal)
    {
        if (!rest.StartsWith(literal))
        {
            return false;
        }

        rest = rest[literal.Length..];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryRead(ref ReadOnlySpan<byte> rest, Slot slot, Span<byte> record, ref long number)
    {
        if (slot.Kind == SlotKind.Digest)
        {
            return TryReadDigest(ref rest, record.Slice(slot.Offset, (slot.End - slot.Start) / 2));
        }

        var digits = TryReadDigits(ref rest, out var value);
        switch (slot.Kind)
        {
            case SlotKind.Samples:
                BinaryPrimitives.WriteInt32LittleEndian(record, (int)value);
                return digits.IsPlain && value <= int.MaxValue;
            case SlotKind.Bytes:
                BinaryPrimitives.WriteInt64LittleEndian(record[slot.Offset..], value);
                return digits.IsPlain;
            default:
                var isSame = number < 0 || number == value;
                number = value;
                BinaryPrimitives.WriteInt32LittleEndian(record[slot.Offset..], (int)value);
                return isSame && NumberedName.IsNumber(digits.Length, digits.HasLeadingZero);
        }
    }

    /// <summary>Reads digits, as many as cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Digits TryReadDigits(ref ReadOnlySpan<byte> rest, out long value)
    {
        const int Most = 18;
        var span = rest;
        var length = 0;
        value = 0;
        while (length < span.Length && length <= Most && (uint)(span[length] - '0') <= 9)
        {
            value = unchecked((value * 10) + (span[length++] - '0'));
        }

        rest = span[length..];
        return new Digits(length > Most ? 0 : length, length > 0 && span[0] == '0');
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryReadDigest(ref ReadOnlySpan<byte> rest, Span<byte> digest)
    {
        if (rest.Length < 2 * digest.Length)
        {
            return false;
        }

        var bad = 0;
        for (var i = 0; i < digest.Length; i++)
        {
            var value = (ReadHexDigit(rest[2 * i]) << 4) | ReadHexDigit(rest[(2 * i) + 1]);
            bad |= value;
            digest[i] = (byte)value;
        }

        rest = rest[(2 * digest.Length)..];
        return bad <= byte.MaxValue && bad >= 0;
    }

    /// <summary>Reads a lowercase hexadecimal digit, or gives a number that no digit has.</summary>
    private static int ReadHexDigit(byte digit) =>
        (uint)(digit - '0') <= 9 ? digit - '0' : (uint)(digit - 'a') <= 5 ? digit - 'a' + 10 : 1 << 8;

    private readonly record struct Digits(int Length, bool HasLeadingZero)
    {
        public bool IsPlain => Length > 0 && (Length == 1 || !HasLeadingZero);
    }

    /// <summary>A place in the text that differs from entry to entry.</summary>
    /// <param name="Kind">What is there.</param>
    /// <param name="Start">Where it begins in the text.</param>
    /// <param name="End">Where it ends in the text.</param>
    /// <param name="Offset">Where it goes in the record.</param>
    internal readonly record struct Slot(SlotKind Kind, int Start, int End, int Offset)
    {
        /// <summary>Takes the token that the reader is on, without quotes.</summary>
        public static Slot OfToken(SlotKind kind, ref Utf8JsonReader reader, int offset)
        {
            var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
            return new Slot(kind, start, start + reader.ValueSpan.Length, offset);
        }
    }
}
