// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>The table of a tar's samples, mapped: which bytes of the tar are which field of which sample.</summary>
/// <remarks>Opening costs the same for every table. Reads are thread-safe and check what they read.</remarks>
internal sealed class TarTable : IDisposable
{
    private readonly MappedFile _file;
    private readonly string _path;
    private readonly TarTableLayout _layout;

    private TarTable(MappedFile file, string path)
    {
        _file = file;
        _path = path;
        var header = file.Slice(0, (int)Math.Min(file.Length, TarTableLayout.HeaderLength));
        _layout = TarTableLayout.Read(header, out var tarBytes, out var isForeign)
            ?? throw new ShardFormatException(new ShardLocation(path, 0), "it is not a table of a tar's samples.");
        if (_layout.Length != file.Length)
        {
            throw new ShardFormatException(
                new ShardLocation(path), $"it has {file.Length} bytes where {_layout.Length} belong. It is cut off or damaged.");
        }

        TarBytes = tarBytes;
        IsForeign = isForeign;
        Columns = ReadColumns();
    }

    /// <summary>Gets the number of samples.</summary>
    public int SampleCount => _layout.Samples;

    /// <summary>Gets the size of the tar that the table is about.</summary>
    public long TarBytes { get; }

    /// <summary>Gets whether another program found the members, so that they must be looked at before they are trusted.</summary>
    public bool IsForeign { get; }

    /// <summary>Gets the fields, without the key.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>Opens a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The size that it must have; <see langword="null"/> for any.</param>
    /// <exception cref="ShardFormatException">It is not a table, or damaged.</exception>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public static TarTable Open(string path, long? length = null)
    {
        var file = length is { } expected ? MappedFile.Open(path, expected) : MappedFile.Open(path);
        try
        {
            return new TarTable(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gets a sample's record, to be read with <see cref="TarTableLayout"/>.</summary>
    public ReadOnlySpan<byte> GetRecord(int sample) => _file.Slice(_layout.RecordOffset(sample), _layout.RecordLength);

    /// <summary>Gets a sample's key.</summary>
    public ReadOnlySpan<byte> GetKey(ReadOnlySpan<byte> record)
    {
        var (_, start, length) = TarTableLayout.ReadKey(record);
        return start >= 0 && length >= 0 && start + (long)length <= _layout.KeysLength
            ? _file.Slice(_layout.KeysOffset + start, length)
            : throw new ShardFormatException(new ShardLocation(_path), "a key is said to be outside of it. It is damaged.");
    }

    /// <summary>Finds a field that a sample lacks.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="columns">Places in <see cref="Columns"/>; -1 for a field that no sample has.</param>
    /// <returns>Its place in <paramref name="columns"/>, or -1 when there is none.</returns>
    public int FindMissing(int sample, ReadOnlySpan<int> columns)
    {
        var record = GetRecord(sample);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0 || TarTableLayout.ReadField(record, columns[i]).Offset < 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private ImmutableArray<string> ReadColumns()
    {
        var names = _file.Slice(TarTableLayout.HeaderLength, (int)_layout.NamesLength);
        var columns = ImmutableArray.CreateBuilder<string>(_layout.Columns);
        for (var i = 0; i < _layout.Columns; i++)
        {
            var length = names.Length >= sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(names) : int.MaxValue;
            if (length > names.Length - sizeof(ushort))
            {
                throw new ShardFormatException(new ShardLocation(_path, TarTableLayout.HeaderLength), "its columns' names are damaged.");
            }

            columns.Add(Encoding.UTF8.GetString(names.Slice(sizeof(ushort), length)));
            names = names[(sizeof(ushort) + length)..];
        }

        return columns.MoveToImmutable();
    }
}
