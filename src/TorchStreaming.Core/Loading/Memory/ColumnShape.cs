// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Checks and sizes of the shapes of a column's values.</summary>
internal static class ColumnShape
{
    /// <summary>Gets the size in bytes of a value whose shape is fixed by its column, from a dimension on.</summary>
    public static int FixedBytes(BatchColumn column, int firstDimension)
    {
        var size = (long)column.Type.SizeInBytes();
        for (var i = firstDimension; i < column.Shape.Length; i++)
        {
            if (column.Shape[i] < 0)
            {
                throw new ArgumentException(
                    $"Column '{column.Name}' ({column.Layout}) has no fixed size in dimension {i}. Give it one, or use the layout List.");
            }

            size = checked(size * column.Shape[i]);
        }

        return size <= int.MaxValue
            ? (int)size
            : throw new ArgumentException($"One value of column '{column.Name}' takes {size} bytes; at most {int.MaxValue} are possible.");
    }

    /// <summary>Checks a value's shape against its column and gets its size in bytes.</summary>
    public static int ValueBytes(BatchColumn column, ReadOnlySpan<long> shape)
    {
        if (shape.Length != column.Shape.Length)
        {
            throw Mismatch(column, shape);
        }

        var size = (long)column.Type.SizeInBytes();
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] < 0 || (column.Shape[i] >= 0 && shape[i] != column.Shape[i]))
            {
                throw Mismatch(column, shape);
            }

            size = checked(size * shape[i]);
        }

        return size <= int.MaxValue ? (int)size : throw Mismatch(column, shape);
    }

    private static ArgumentException Mismatch(BatchColumn column, ReadOnlySpan<long> shape) =>
        new($"A value of shape [{string.Join(", ", shape.ToArray())}] does not fit column '{column.Name}', "
            + $"which takes [{string.Join(", ", column.Shape)}] (-1: any size).");
}
