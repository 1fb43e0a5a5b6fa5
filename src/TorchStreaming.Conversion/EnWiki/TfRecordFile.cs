// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads TFRecord files: a row of records, each with its length and CRC-32C sums of both.</summary>
internal sealed class TfRecordFile : IDisposable
{
    private const int HeadLength = sizeof(ulong) + sizeof(uint);

    private readonly FileStream _file;
    private readonly byte[] _head = new byte[HeadLength];
    private byte[] _record = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public TfRecordFile(string path)
    {
        FileStream? file = null;
        LocalFiles.Guard(path, () => file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));
        _file = file!;
    }

    /// <summary>Gets the number of the record that comes next, from 0.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <param name="record">The record; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    /// <exception cref="SampleDecodeException">The file is damaged or cut off.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> record)
    {
        record = default;
        try
        {
            if (_file.Position == _file.Length)
            {
                return false;
            }

            ReadChecked(_head, sizeof(ulong));
            var length = BinaryPrimitives.ReadUInt64LittleEndian(_head);
            if (length > (ulong)Math.Min(RawFile.LargestFile, _file.Length - _file.Position))
            {
                throw Damaged("it is longer than the file, which is cut off, or damaged");
            }

            if (_record.Length < (int)length + sizeof(uint))
            {
                _record = new byte[(int)length + sizeof(uint)];
            }

            ReadChecked(_record, (int)length);
            record = _record.AsMemory(0, (int)length);
            Number++;
            return true;
        }
        catch (EndOfStreamException exception)
        {
            throw Damaged("the file is cut off", exception);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, _file.Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Computes TFRecord's sum of bytes.</summary>
    internal static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = Crc32.HashToUInt32(Crc32ParameterSet.Crc32C, bytes);

        // Sums are turned, so that a sum of data that holds sums is no problem.
        return BitOperations.RotateRight(sum, 15) + 0xA282EAD8;
    }

    /// <summary>Reads bytes and the sum after them.</summary>
    private void ReadChecked(byte[] buffer, int length)
    {
        _file.ReadExactly(buffer, 0, length + sizeof(uint));
        if (Sum(buffer.AsSpan(0, length)) != BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(length)))
        {
            throw Damaged("its checksum is wrong: the file is damaged, or is no TFRecord file");
        }
    }

    private SampleDecodeException Damaged(string problem, Exception? cause = null) => new(
        new ShardLocation(_file.Name),
        -1,
        string.Create(CultureInfo.InvariantCulture, $"record {Number}: {problem}. Get the file again."),
        cause);
}
