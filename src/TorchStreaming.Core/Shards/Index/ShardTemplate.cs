// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Shards;

/// <summary>What many shards of an index share, so that a shard is a short record: its sample count, its number, and the size and the
/// digests of each of its files.</summary>
internal sealed class ShardTemplate
{
    private const int HeadLength = 2 * sizeof(int);

    private readonly ShardInfo _example;
    private readonly ImmutableArray<ShardFileInfo> _files;
    private readonly ImmutableArray<NumberedName> _names;

    private ShardTemplate(ShardInfo example, ImmutableArray<ShardFileInfo> files, ImmutableArray<NumberedName> names)
    {
        _example = example;
        _files = files;
        _names = names;
        RecordLength = HeadLength;
        VariableCount = 1;
        foreach (var file in files)
        {
            RecordLength += sizeof(long) + file.Hashes.Packed.Length;
            VariableCount += 2 + file.Hashes.Count;
        }
    }

    /// <summary>Gets a shard that fits the template.</summary>
    public ShardInfo Example => _example;

    /// <summary>Gets the bytes of a record.</summary>
    public int RecordLength { get; }

    /// <summary>Gets in how many places an entry of <c>index.json</c> says what a record holds: the samples, and the name, the size and the
    /// digests of each file.</summary>
    public int VariableCount { get; }

    /// <summary>Gets what the names of the files share, raw and compressed.</summary>
    public ImmutableArray<NumberedName> Names => _names;

    /// <summary>Makes the template of a shard, if records can tell shards like it.</summary>
    public static ShardTemplate? TryCreate(ShardInfo shard)
    {
        if (shard.SampleSizes is not null)
        {
            return null;
        }

        ImmutableArray<ShardFileInfo> files = [.. FilesOf(shard)];
        var names = ImmutableArray.CreateBuilder<NumberedName>(files.Length);
        var number = -1;
        foreach (var file in files)
        {
            var name = NumberedName.TryParse(file.Basename, out var found);
            if (name is null || (number >= 0 && found != number) || !file.Hashes.IsPacked || file.Bytes < 0)
            {
                return null;
            }

            number = found;
            names.Add(name);
        }

        return new ShardTemplate(shard, files, names.MoveToImmutable());
    }

    /// <summary>Finds the file that a key of <c>index.json</c> describes.</summary>
    /// <returns>Its place among the files, raw and compressed; -1 when such shards have none.</returns>
    public int FindFile(IndexKey key)
    {
        var hasZip = _example.Files[0].Zip is not null;
        var data = _files.Length - (hasZip ? 2 : 1);
        return key switch
        {
            IndexKey.RawData => data,
            IndexKey.ZipData when hasZip => data + 1,
            IndexKey.RawMeta when data > 0 => 0,
            IndexKey.ZipMeta when data > 0 && hasZip => 1,
            _ => -1,
        };
    }

    /// <summary>Gets where a file's size, followed by its digests, stands in a record.</summary>
    public int GetFileOffset(int file)
    {
        var offset = HeadLength;
        for (var i = 0; i < file; i++)
        {
            offset += sizeof(long) + _files[i].Hashes.Packed.Length;
        }

        return offset;
    }

    /// <summary>Gets the digests of the example's file.</summary>
    public FileDigests GetHashes(int file) => _files[file].Hashes;

    /// <summary>Writes a shard's record.</summary>
    /// <returns>Whether the shard fits the template; otherwise nothing of the record counts.</returns>
    public bool TryWrite(ShardInfo shard, Span<byte> record)
    {
        if (!HasSameParts(shard))
        {
            return false;
        }

        var number = -1;
        var at = HeadLength;
        for (var i = 0; i < _files.Length; i++)
        {
            var file = GetFile(shard, i);
            if (!_names[i].TryMatch(file.Basename, out var found) || (number >= 0 && found != number)
                || !file.Hashes.HasLayoutOf(_files[i].Hashes) || file.Bytes < 0)
            {
                return false;
            }

            number = found;
            BinaryPrimitives.WriteInt64LittleEndian(record[at..], file.Bytes);
            file.Hashes.Packed.CopyTo(record[(at + sizeof(long))..]);
            at += sizeof(long) + file.Hashes.Packed.Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(record, shard.SampleCount);
        BinaryPrimitives.WriteInt32LittleEndian(record[sizeof(int)..], number);
        return true;
    }

    /// <summary>Makes the shard of a record.</summary>
    public ShardInfo Read(ReadOnlySpan<byte> record)
    {
        var number = ReadNumber(record);
        var files = new ShardFile[_example.Files.Length];
        var (at, next) = (HeadLength, 0);
        for (var i = 0; i < files.Length; i++)
        {
            var raw = ReadFile(record, number, next++, ref at);
            files[i] = new ShardFile(raw, _example.Files[i].Zip is null ? null : ReadFile(record, number, next++, ref at));
        }

        return new ShardInfo
        {
            Schema = _example.Schema,
            SampleCount = ReadSampleCount(record),
            Files = ImmutableArray.Create(files),
            Compression = _example.Compression,
            Hashes = _example.Hashes,
            SizeLimit = _example.SizeLimit,
        };
    }

    /// <summary>Gets the sample count of a record.</summary>
    public static int ReadSampleCount(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);

    /// <summary>Gets the number in the names of a record's files.</summary>
    public static int ReadNumber(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record[sizeof(int)..]);

    /// <summary>Gets the bytes of a record's files in both forms together.</summary>
    public Int128 MeasureFull(ReadOnlySpan<byte> record)
    {
        var (total, at) = ((Int128)0, HeadLength);
        foreach (var file in _files)
        {
            total += BinaryPrimitives.ReadInt64LittleEndian(record[at..]);
            at += sizeof(long) + file.Hashes.Packed.Length;
        }

        return total;
    }

    /// <summary>Checks a record as the index's parser checks a shard.</summary>
    /// <param name="record">The record.</param>
    /// <param name="rawBytes">The size of the raw files together.</param>
    /// <param name="storedBytes">The size of the stored files together.</param>
    /// <returns>Whether there may be such a shard.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryMeasure(ReadOnlySpan<byte> record, out long rawBytes, out long storedBytes)
    {
        (rawBytes, storedBytes) = (0, 0);
        var (at, next, tableBytes, dataBytes) = (HeadLength, 0, -1L, 0L);
        foreach (var file in _example.Files)
        {
            if (!TryReadBytes(record, next++, ref at, out dataBytes))
            {
                return false;
            }

            var stored = dataBytes;
            if (file.Zip is not null && !TryReadBytes(record, next++, ref at, out stored))
            {
                return false;
            }

            tableBytes = tableBytes < 0 ? dataBytes : tableBytes;
            if (dataBytes > long.MaxValue - rawBytes || stored > long.MaxValue - storedBytes)
            {
                return false;
            }

            (rawBytes, storedBytes) = (rawBytes + dataBytes, storedBytes + stored);
        }

        return ReadNumber(record) >= 0
            && IndexEntry.CanHold(dataBytes, tableBytes, ReadSampleCount(record));
    }

    private static IEnumerable<ShardFileInfo> FilesOf(ShardInfo shard)
    {
        foreach (var file in shard.Files)
        {
            yield return file.Raw;
            if (file.Zip is { } zip)
            {
                yield return zip;
            }
        }
    }

    private static ShardFileInfo GetFile(ShardInfo shard, int index)
    {
        foreach (var file in shard.Files)
        {
            if (index-- == 0)
            {
                return file.Raw;
            }

            if (file.Zip is not null && index-- == 0)
            {
                return file.Zip;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    private bool HasSameParts(ShardInfo shard)
    {
        if (shard.SampleSizes is not null || !ReferenceEquals(shard.Schema, _example.Schema) || shard.Compression != _example.Compression
            || shard.SizeLimit != _example.SizeLimit || !shard.Hashes.AsSpan().SequenceEqual(_example.Hashes.AsSpan())
            || shard.Files.Length != _example.Files.Length)
        {
            return false;
        }

        for (var i = 0; i < shard.Files.Length; i++)
        {
            if (shard.Files[i].Zip is null != _example.Files[i].Zip is null)
            {
                return false;
            }
        }

        return true;
    }

    private ShardFileInfo ReadFile(ReadOnlySpan<byte> record, int number, int index, ref int at)
    {
        var digests = _files[index].Hashes;
        var bytes = BinaryPrimitives.ReadInt64LittleEndian(record[at..]);
        var hashes = digests.WithPacked(record.Slice(at + sizeof(long), digests.Packed.Length));
        at += sizeof(long) + digests.Packed.Length;
        return new ShardFileInfo(_names[index].Format(number), bytes, hashes);
    }

    private bool TryReadBytes(ReadOnlySpan<byte> record, int index, ref int at, out long bytes)
    {
        var digests = _files[index].Hashes;
        bytes = BinaryPrimitives.ReadInt64LittleEndian(record[at..]);
        var fits = bytes >= 0 && digests.HasLayoutOf(record.Slice(at + sizeof(long), digests.Packed.Length));
        at += sizeof(long) + digests.Packed.Length;
        return fits;
    }
}
