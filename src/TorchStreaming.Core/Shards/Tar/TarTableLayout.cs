// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Where things are in a table of a tar's samples. All numbers are little-endian.</summary>
/// <remarks>A header of 48 bytes: magic, version (4 bytes), flags (4), size of the tar (8), samples (4), columns (4), bytes of column names
/// (8), bytes of keys (8). Then the columns' names, two bytes of length before each; a record for each sample; the keys. A record is the
/// place of the key in the tar (8, -1 when it is not in one piece), its place among the keys (4) and its length (4), and for each
/// column the place of the content in the tar (8, -1 for a missing field) and its length (4).</remarks>
internal readonly record struct TarTableLayout(int Samples, int Columns, long NamesLength, long KeysLength)
{
    /// <summary>The bytes before the columns' names.</summary>
    public const int HeaderLength = 48;

    private const int KeyPartLength = 16;
    private const int FieldLength = 12;
    private const uint Version = 1;
    private const uint ForeignFlag = 1;

    private static ReadOnlySpan<byte> Magic => "TSTARTAB"u8;

    /// <summary>Gets the bytes of a sample's record.</summary>
    public int RecordLength => KeyPartLength + (FieldLength * Columns);

    /// <summary>Gets where the keys begin.</summary>
    public long KeysOffset => RecordOffset(Samples);

    /// <summary>Gets the bytes of the table.</summary>
    public long Length => checked(KeysOffset + KeysLength);

    /// <summary>Reads a header.</summary>
    /// <returns>What is where, or <see langword="null"/> when it is not a header.</returns>
    public static TarTableLayout? Read(ReadOnlySpan<byte> header, out long tarBytes, out bool isForeign)
    {
        (tarBytes, isForeign) = (0, false);
        if (header.Length < HeaderLength || !header.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != Version)
        {
            return null;
        }

        isForeign = (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) & ForeignFlag) != 0;
        tarBytes = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        var layout = new TarTableLayout(
            BinaryPrimitives.ReadInt32LittleEndian(header[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[40..]));
        return layout.Samples >= 0
            && layout.Columns is >= 0 and <= TarFieldNames.Limit
            && layout.NamesLength is >= 0 and < 1 << 24
            && layout.KeysLength is >= 0 and <= int.MaxValue
            ? layout
            : null;
    }

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> header, long tarBytes, bool isForeign)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], isForeign ? ForeignFlag : 0);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], tarBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], Samples);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], Columns);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], NamesLength);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], KeysLength);
    }

    /// <summary>Gets where a sample's record begins.</summary>
    public long RecordOffset(int sample) => HeaderLength + NamesLength + ((long)RecordLength * sample);

    /// <summary>Reads where a sample's key is.</summary>
    public static (long Offset, int Start, int Length) ReadKey(ReadOnlySpan<byte> record) => (
        BinaryPrimitives.ReadInt64LittleEndian(record),
        BinaryPrimitives.ReadInt32LittleEndian(record[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(record[12..]));

    /// <summary>Writes where a sample's key is.</summary>
    public static void WriteKey(Span<byte> record, long offset, int start, int length)
    {
        BinaryPrimitives.WriteInt64LittleEndian(record, offset);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], start);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], length);
    }

    /// <summary>Reads where a field is.</summary>
    public static (long Offset, int Length) ReadField(ReadOnlySpan<byte> record, int column)
    {
        var field = record[(KeyPartLength + (FieldLength * column))..];
        return (BinaryPrimitives.ReadInt64LittleEndian(field), BinaryPrimitives.ReadInt32LittleEndian(field[sizeof(long)..]));
    }

    /// <summary>Writes where a field is.</summary>
    public static void WriteField(Span<byte> record, int column, long offset, int length)
    {
        var field = record[(KeyPartLength + (FieldLength * column))..];
        BinaryPrimitives.WriteInt64LittleEndian(field, offset);
        BinaryPrimitives.WriteInt32LittleEndian(field[sizeof(long)..], length);
    }
}
