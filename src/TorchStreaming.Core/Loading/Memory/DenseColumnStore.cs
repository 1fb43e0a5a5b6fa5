// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Rows of one shape in one block, written in place.</summary>
internal sealed class DenseColumnStore : ColumnStore
{
    private readonly BatchMemory _block;
    private readonly int _rowBytes;

    public DenseColumnStore(BatchColumn column, int rows, IBatchAllocator allocator)
        : base(column)
    {
        _rowBytes = ColumnShape.FixedBytes(column, 0);
        _block = allocator.Allocate(column.Type, checked((long)rows * (_rowBytes / column.Type.SizeInBytes())));
    }

    public override BatchMemory? Block => _block;

    public override Span<byte> GetRow(int row) => _block.GetSpan((long)row * _rowBytes, _rowBytes);

    public override Span<byte> AllocateRow(int row, ReadOnlySpan<long> shape)
    {
        _ = ColumnShape.ValueBytes(Column, shape);
        return GetRow(row);
    }

    public override void MoveRow(int from, int to) => GetRow(from).CopyTo(GetRow(to));

    public override long[] GetBatchShape(int count) => [count, .. Column.Shape];

    public override Span<byte> ReadRow(int row) => GetRow(row);

    public override long[] GetRowShape(int row) => [.. Column.Shape];

    public override void Dispose() => _block.Dispose();
}
