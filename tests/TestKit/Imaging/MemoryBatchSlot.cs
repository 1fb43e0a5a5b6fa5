// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.TestKit;

/// <summary>A batch in managed memory, for tests of transforms. Dense rows are filled with 0xCC before they are handed out, so that a row
/// that is not written completely shows.</summary>
public sealed class MemoryBatchSlot : IBatchSlot
{
    private readonly Dictionary<(int Column, int Row), byte[]> _rows = [];
    private readonly Dictionary<(int Column, int Row), long[]> _shapes = [];
    private readonly SampleTransform _transform;

    /// <summary>Creates the batch.</summary>
    public MemoryBatchSlot(SampleTransform transform) => _transform = transform;

    /// <inheritdoc/>
    public Span<byte> GetRow(int column, int row)
    {
        var description = _transform.Columns[column];
        return Add(column, row, [.. description.Shape]);
    }

    /// <inheritdoc/>
    public Span<byte> AllocateRow(int column, int row, ReadOnlySpan<long> shape) => Add(column, row, shape.ToArray());

    /// <summary>Gets the bytes of a row.</summary>
    public byte[] Bytes(int column, int row) => _rows[(column, row)];

    /// <summary>Gets the shape of a row.</summary>
    public long[] Shape(int column, int row) => _shapes[(column, row)];

    private byte[] Add(int column, int row, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
        var bytes = new byte[count * _transform.Columns[column].Type.SizeInBytes()];
        bytes.AsSpan().Fill(0xCC);
        _shapes[(column, row)] = shape;
        return _rows[(column, row)] = bytes;
    }
}
