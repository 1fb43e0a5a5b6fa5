// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using TorchStreaming.Imaging;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads records of CIFAR-10 and puts their planes of color together to pixels. One thread at a time.</summary>
internal sealed class Cifar10Reader(Cifar10Batches source) : RawReader
{
    private readonly byte[] _record = new byte[Cifar10Batches.RecordLength];
    private readonly byte[] _pixels = new byte[3 * Cifar10Batches.PlaneLength];
    private readonly byte[] _number = new byte[sizeof(long)];
    private readonly byte[] _label = new byte[sizeof(long)];
    private SafeFileHandle? _file;
    private string? _path;

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var (path, name, record) = source.Find(item.Number);
        ReadRecord(path, record);
        if (_record[0] >= source.Classes.Length)
        {
            return RawSample.Refuse(new RefusedItem(
                path,
                name,
                $"The class is {_record[0]}, but there are {source.Classes.Length} classes.",
                string.Create(CultureInfo.InvariantCulture, $"record {record}")));
        }

        var planes = _record.AsSpan(1);
        for (var i = 0; i < Cifar10Batches.PlaneLength; i++)
        {
            _pixels[3 * i] = planes[i];
            _pixels[(3 * i) + 1] = planes[Cifar10Batches.PlaneLength + i];
            _pixels[(3 * i) + 2] = planes[(2 * Cifar10Batches.PlaneLength) + i];
        }

        BinaryPrimitives.WriteInt64LittleEndian(_number, item.Number);
        BinaryPrimitives.WriteInt64LittleEndian(_label, _record[0]);
        return RawSample.Pack(
            source.Columns, _number, RawImage.EncodeRgb(_pixels, Cifar10Batches.Side, Cifar10Batches.Side), _label);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file?.Dispose();
        base.Dispose();
    }

    private void ReadRecord(string path, int record)
    {
        var read = 0;
        LocalFiles.Guard(path, () =>
        {
            if (path != _path)
            {
                _file?.Dispose();
                _file = File.OpenHandle(path, options: FileOptions.RandomAccess);
                _path = path;
            }

            read = RandomAccess.Read(_file!, _record, (long)record * _record.Length);
        });
        if (read != _record.Length)
        {
            throw new StorageException(
                StorageErrorKind.PreconditionFailed, path, $"'{path}' has changed since its folder was listed. Run again.");
        }
    }
}
