// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Rows padded to a length that is known beforehand: written in place, the tail padded when the batch is complete.</summary>
internal sealed class FixedPaddedColumnStore : ColumnStore
{
    private readonly BatchMemory _block;
    private readonly BatchMemory _lengths;
    private readonly long _padTo;
    private readonly int _itemBytes;
    private readonly int _rowBytes;

    public FixedPaddedColumnStore(BatchColumn column, int rows, long padTo, IBatchAllocator allocator)
        : base(column)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(padTo, nameof(BatchColumn.PadToLength));
        if (column.Shape.IsEmpty)
        {
            throw new ArgumentException($"Column '{column.Name}' is padded but its values have no dimension to pad.", nameof(column));
        }

        _padTo = padTo;
        _itemBytes = ColumnShape.FixedBytes(column, 1);
        _rowBytes = checked((int)(padTo * _itemBytes));
        _block = allocator.Allocate(column.Type, checked((long)rows * (_rowBytes / column.Type.SizeInBytes())));
        _lengths = allocator.Allocate(ElementType.Int64, rows);
    }

    public override BatchMemory? Block => _block;

    public override BatchMemory? Lengths => _lengths;

    public override Span<byte> AllocateRow(int row, ReadOnlySpan<long> shape)
    {
        var bytes = ColumnShape.ValueBytes(Column, shape);
        if (shape[0] > _padTo)
        {
            throw new ArgumentException(
                $"A value of length {shape[0]} does not fit column '{Column.Name}', which is padded to {_padTo}. Cut it in the transform, "
                + "or raise PadToLength.");
        }

        LengthOf(row) = shape[0];
        return _block.GetSpan((long)row * _rowBytes, bytes);
    }

    public override void ClearRow(int row) => LengthOf(row) = -1;

    public override bool HasRow(int row) => LengthOf(row) >= 0;

    public override void MoveRow(int from, int to)
    {
        ReadRow(from).CopyTo(_block.GetSpan((long)to * _rowBytes, _rowBytes));
        LengthOf(to) = LengthOf(from);
    }

    public override void Complete(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var used = (int)(LengthOf(row) * _itemBytes);
            PadFill.Fill(_block.GetSpan(((long)row * _rowBytes) + used, _rowBytes - used), Column.Type, Column.PadValue);
        }
    }

    public override long[] GetBatchShape(int count) => [count, _padTo, .. Column.Shape.AsSpan()[1..]];

    public override Span<byte> ReadRow(int row) => _block.GetSpan((long)row * _rowBytes, (int)(LengthOf(row) * _itemBytes));

    public override long[] GetRowShape(int row) => [LengthOf(row), .. Column.Shape.AsSpan()[1..]];

    public override void Dispose()
    {
        _block.Dispose();
        _lengths.Dispose();
    }

    private ref long LengthOf(int row) =>
        ref MemoryMarshal.Cast<byte, long>(_lengths.GetSpan((long)row * sizeof(long), sizeof(long)))[0];
}
