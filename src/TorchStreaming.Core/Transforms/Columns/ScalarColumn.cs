// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column of numbers, one per sample. Reads the MDS encodings <c>int</c>, <c>intN</c>, <c>uintN</c>, <c>floatN</c>,
/// <c>str_int</c> and <c>str_float</c>.</summary>
/// <remarks>Integers are widened or, where they fit, narrowed; a number that does not fit is an error of its sample. Floating-point numbers
/// are rounded to nearest even and never become integers.</remarks>
public sealed class ScalarColumn : ColumnTransform
{
    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="type">The type in the batch.</param>
    /// <param name="name">The name in the batch; <see langword="null"/> for <paramref name="source"/>.</param>
    public ScalarColumn(string source, ElementType type = ElementType.Int64, string? name = null)
        : base(source, BatchColumn.Dense(name ?? source, type))
    {
        _ = type.SizeInBytes();
    }

    /// <inheritdoc/>
    public override void Validate(string format, ShardColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var encoding = NumberEncodings.Parse(format, column.Encoding) ?? throw new ArgumentException(
            $"Column '{column.Name}' has encoding '{column.Encoding}' in format '{format}'; a scalar column does not read that.");
        if (encoding.IsFloatingPoint && !Column.Type.IsFloatingPoint())
        {
            throw new ArgumentException(
                $"Column '{column.Name}' has encoding '{column.Encoding}', which does not become {Column.Type}. "
                + "Choose a floating-point type.");
        }
    }

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var encoding = NumberEncodings.Parse("mds", column.Encoding)
            ?? throw new ArgumentException(
                $"Column '{column.Name}' has encoding '{column.Encoding}', which is not validated.", nameof(column));
        return new ScalarColumnWorker(encoding, Column.Type);
    }
}
