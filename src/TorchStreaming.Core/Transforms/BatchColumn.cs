// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>One column of the batches that a transform fills.</summary>
/// <param name="Name">The name, unique within the batch.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Layout">How values are together.</param>
/// <param name="Shape">The shape of one value, without the batch dimension; -1 stands for a dimension that differs from value to value
/// (the first of a padded column, any of a list column).</param>
public sealed record BatchColumn(string Name, ElementType Type, ColumnLayout Layout, ImmutableArray<long> Shape)
{
    /// <summary>Gets the longest first dimension that a padded column may have; <see langword="null"/> for the batch's longest.</summary>
    public long? PadToLength { get; init; }

    /// <summary>Gets what padding is filled with, converted to <see cref="Type"/>.</summary>
    /// <value>The default is 0.</value>
    public double PadValue { get; init; }

    /// <summary>Creates a column whose values all have one shape.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The shape of one value; empty for a number.</param>
    /// <returns>The column.</returns>
    public static BatchColumn Dense(string name, ElementType type, params ReadOnlySpan<long> shape) =>
        new(name, type, ColumnLayout.Dense, [.. shape]);

    /// <summary>Says what the column is, for example <c>x Float32 3×224×224</c> or <c>ids Int64 ?, padded</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var shape = Shape.IsEmpty ? "" : $" {ShapeText.Of(Shape.AsSpan())}";
        return $"{Name} {Type}{shape}" + Layout switch
        {
            ColumnLayout.Dense => "",
            ColumnLayout.Padded => PadToLength is { } length ? $", padded to {length}" : ", padded",
            _ => ", a list",
        };
    }
}
