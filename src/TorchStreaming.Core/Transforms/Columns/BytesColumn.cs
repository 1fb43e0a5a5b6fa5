// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column whose stored bytes go into the batch as they are, as <see cref="ElementType.UInt8"/>. Reads every encoding.</summary>
public sealed class BytesColumn : ColumnTransform
{
    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="layout">How values of different lengths are together.</param>
    /// <param name="length">For a dense column the length of every value; for a padded one the length to pad to, <see langword="null"/> for
    /// the longest of the batch. Lists have none.</param>
    /// <param name="name">The name in the batch; <see langword="null"/> for <paramref name="source"/>.</param>
    /// <exception cref="ArgumentException">A dense column has no length, or a list has one.</exception>
    public BytesColumn(string source, ColumnLayout layout = ColumnLayout.List, long? length = null, string? name = null)
        : base(source, Describe(name ?? source, layout, length))
    {
    }

    /// <inheritdoc/>
    public override void Validate(string format, ShardColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (Column.Layout == ColumnLayout.Dense && column.Size is { } size && size != Column.Shape[0])
        {
            throw new ArgumentException($"Column '{column.Name}' ('{column.Encoding}') has {size} bytes per value, not {Column.Shape[0]}.");
        }
    }

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column) => new Worker(Column);

    private static BatchColumn Describe(string name, ColumnLayout layout, long? length)
    {
        if (length is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A length is at least 1.");
        }

        return layout switch
        {
            ColumnLayout.Dense => BatchColumn.Dense(
                name, ElementType.UInt8, length ?? throw new ArgumentException("A dense column needs a length.", nameof(length))),
            ColumnLayout.Padded => new BatchColumn(name, ElementType.UInt8, layout, [-1]) { PadToLength = length },
            _ when length is not null => throw new ArgumentException("A list column has no length.", nameof(length)),
            _ => new BatchColumn(name, ElementType.UInt8, layout, [-1]),
        };
    }

    private sealed class Worker(BatchColumn column) : ColumnWorker
    {
        public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target)
        {
            if (column.Layout == ColumnLayout.Dense)
            {
                if (value.Length != column.Shape[0])
                {
                    throw new InvalidDataException($"The value has {value.Length} bytes; the batch expects {column.Shape[0]}.");
                }

                value.CopyTo(target.GetDense());
                return;
            }

            if (value.Length > column.PadToLength)
            {
                throw new InvalidDataException(
                    $"The value has {value.Length} bytes, more than the {column.PadToLength} that the batch pads to.");
            }

            value.CopyTo(target.Allocate([value.Length]));
        }
    }
}
