// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Rows padded to the batch's longest: each grows in memory of its own, and all are put side by side when the batch is
/// complete.</summary>
internal sealed class PaddedColumnStore : ColumnStore
{
    private readonly IBatchAllocator _allocator;
    private readonly GrowableMemory[] _rows;
    private readonly BatchMemory _lengths;
    private readonly int _itemBytes;
    private BatchMemory _block;
    private long _longest;

    public PaddedColumnStore(BatchColumn column, int rows, IBatchAllocator allocator)
        : base(column)
    {
        if (column.Shape.IsEmpty)
        {
            throw new ArgumentException($"Column '{column.Name}' is padded but its values have no dimension to pad.", nameof(column));
        }

        _allocator = allocator;
        _itemBytes = ColumnShape.FixedBytes(column, 1);
        _rows = new GrowableMemory[rows];
        for (var i = 0; i < rows; i++)
        {
            _rows[i] = new GrowableMemory(column.Type, NativeBatchAllocator.Instance);
        }

        _lengths = allocator.Allocate(ElementType.Int64, rows);
        _block = allocator.Allocate(column.Type, 0);
    }

    public override BatchMemory? Block => _block;

    public override BatchMemory? Lengths => _lengths;

    public override Span<byte> AllocateRow(int row, ReadOnlySpan<long> shape)
    {
        var bytes = ColumnShape.ValueBytes(Column, shape);
        LengthOf(row) = shape[0];
        return _rows[row].Resize(bytes);
    }

    public override void ClearRow(int row) => LengthOf(row) = -1;

    public override bool HasRow(int row) => LengthOf(row) >= 0;

    public override void MoveRow(int from, int to)
    {
        (_rows[to], _rows[from]) = (_rows[from], _rows[to]);
        LengthOf(to) = LengthOf(from);
    }

    public override void Complete(int count)
    {
        _longest = 0;
        for (var row = 0; row < count; row++)
        {
            _longest = Math.Max(_longest, LengthOf(row));
        }

        var rowBytes = checked((int)(_longest * _itemBytes));
        Reserve(checked((long)count * rowBytes));
        for (var row = 0; row < count; row++)
        {
            var target = _block.GetSpan((long)row * rowBytes, rowBytes);
            var value = _rows[row].Bytes;
            value.CopyTo(target);
            PadFill.Fill(target[value.Length..], Column.Type, Column.PadValue);
        }
    }

    public override long[] GetBatchShape(int count) => [count, _longest, .. Column.Shape.AsSpan()[1..]];

    public override Span<byte> ReadRow(int row) =>
        _block.GetSpan(row * _longest * _itemBytes, checked((int)(LengthOf(row) * _itemBytes)));

    public override long[] GetRowShape(int row) => [LengthOf(row), .. Column.Shape.AsSpan()[1..]];

    public override void Dispose()
    {
        _block.Dispose();
        _lengths.Dispose();
        foreach (var row in _rows)
        {
            row.Dispose();
        }
    }

    private void Reserve(long bytes)
    {
        if (bytes > _block.ByteLength)
        {
            // A quarter on top: lengths differ from batch to batch, and the buffer should settle after a few of them.
            var elements = checked(bytes + (bytes / 4)) / Column.Type.SizeInBytes();
            var grown = _allocator.Allocate(Column.Type, elements);
            _block.Dispose();
            _block = grown;
        }
    }

    private ref long LengthOf(int row) =>
        ref MemoryMarshal.Cast<byte, long>(_lengths.GetSpan((long)row * sizeof(long), sizeof(long)))[0];
}
