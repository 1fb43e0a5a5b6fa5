// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column of arrays, copied or converted straight into the batch. Reads the MDS encodings <c>ndarray</c>, <c>ndarray:DTYPE</c>
/// and <c>ndarray:DTYPE:SHAPE</c>.</summary>
/// <remarks>Integers may be stored narrower than the batch holds them, for example tokens as <c>uint16</c>; a number that does not fit is
/// an error of its sample.</remarks>
public sealed class NdArrayColumn : ColumnTransform
{
    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="type">The type in the batch, any but <see cref="ElementType.BFloat16"/>.</param>
    /// <param name="shape">The shape of a value, at least one dimension; -1 stands for one that differs from value to value.</param>
    /// <param name="layout">Dense when every dimension is fixed, padded when only the first differs, or a list.</param>
    /// <param name="name">The name in the batch; <see langword="null"/> for <paramref name="source"/>.</param>
    /// <exception cref="ArgumentException">Shape and layout do not fit each other.</exception>
    public NdArrayColumn(
        string source, ElementType type, ImmutableArray<long> shape, ColumnLayout layout = ColumnLayout.Dense, string? name = null)
        : base(source, Describe(name ?? source, type, shape, layout))
    {
    }

    private NdArrayColumn(string source, BatchColumn column)
        : base(source, column)
    {
    }

    /// <summary>Sets what a padded column is padded to, and with what. Without it that is the longest value of the batch, and 0.</summary>
    /// <param name="length">The length, or <see langword="null"/> for the longest value of the batch; a longer value is an error of its
    /// sample.</param>
    /// <param name="value">What padding is filled with.</param>
    /// <returns>The new column.</returns>
    /// <exception cref="InvalidOperationException">The column is not padded.</exception>
    public NdArrayColumn PadTo(long? length, double value = 0)
    {
        if (length is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A length is at least 1.");
        }

        return Column.Layout == ColumnLayout.Padded
            ? new NdArrayColumn(Source, Column with { PadToLength = length, PadValue = value })
            : throw new InvalidOperationException($"Column '{Column.Name}' is not padded.");
    }

    /// <inheritdoc/>
    public override void Validate(string format, ShardColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (format != "mds" || Find(column) is not { } encoding)
        {
            throw new ArgumentException(
                $"Column '{column.Name}' has encoding '{column.Encoding}' in format '{format}', which is not an array.");
        }

        if (encoding.DType is { } dtype && ElementConversion.Find(NumberEncodings.Of(dtype), Column.Type) is null)
        {
            throw new ArgumentException($"Column '{column.Name}' has encoding '{column.Encoding}', which does not become {Column.Type}.");
        }

        if (!encoding.Shape.IsEmpty && !Fits(encoding.Shape.AsSpan(), Column.Shape.AsSpan()))
        {
            var shape = string.Join(", ", Column.Shape);
            throw new ArgumentException(
                $"Column '{column.Name}' has encoding '{column.Encoding}', which does not fit the shape ({shape}).");
        }
    }

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return Find(column) is { } encoding
            ? new NdArrayColumnWorker(encoding, Column)
            : throw new ArgumentException(
                $"Column '{column.Name}' has encoding '{column.Encoding}', which is not an array.", nameof(column));
    }

    /// <summary>Tells whether a shape fits one in which -1 stands for any dimension.</summary>
    internal static bool Fits(ReadOnlySpan<long> shape, ReadOnlySpan<long> pattern)
    {
        if (shape.Length != pattern.Length)
        {
            return false;
        }

        for (var i = 0; i < shape.Length; i++)
        {
            if (pattern[i] != -1 && pattern[i] != shape[i])
            {
                return false;
            }
        }

        return true;
    }

    private static NdArrayEncoding? Find(ShardColumn column) =>
        FieldEncodings.TryGet(column.Encoding, out var encoding) ? encoding as NdArrayEncoding : null;

    private static BatchColumn Describe(string name, ElementType type, ImmutableArray<long> shape, ColumnLayout layout)
    {
        if (shape.IsDefaultOrEmpty || shape.Any(dimension => dimension is 0 or < -1))
        {
            throw new ArgumentException("A shape has at least one dimension, each at least 1, or -1 for one that differs.", nameof(shape));
        }

        if (type == ElementType.BFloat16)
        {
            throw new ArgumentException("Arrays do not become BFloat16.", nameof(type));
        }

        var unfit = layout switch
        {
            ColumnLayout.Dense => shape.Contains(-1),
            ColumnLayout.Padded => shape[0] != -1 || shape.AsSpan()[1..].Contains(-1),
            _ => false,
        };
        return unfit
            ? throw new ArgumentException($"The shape ({string.Join(", ", shape)}) does not fit a {layout} column.", nameof(shape))
            : new BatchColumn(name, type, layout, shape);
    }
}
