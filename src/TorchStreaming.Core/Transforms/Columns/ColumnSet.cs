// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A transform made of columns that are filled independently of each other.</summary>
/// <example><code>
/// var transform = new ColumnSet(
///     new ImageColumn("x", ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std)),
///     new ScalarColumn("y"));
/// </code></example>
public sealed class ColumnSet : SampleTransform
{
    private readonly ImmutableArray<ColumnTransform> _transforms;

    /// <summary>Creates the transform.</summary>
    /// <param name="transforms">The columns, in the order of the batch; at least one.</param>
    /// <exception cref="ArgumentException">There is none, or two have one name in the batch.</exception>
    public ColumnSet(params ReadOnlySpan<ColumnTransform> transforms)
    {
        if (transforms.IsEmpty)
        {
            throw new ArgumentException("A batch needs at least one column.", nameof(transforms));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var transform in transforms)
        {
            ArgumentNullException.ThrowIfNull(transform, nameof(transforms));
            if (!names.Add(transform.Column.Name))
            {
                throw new ArgumentException($"Two columns of the batch are named '{transform.Column.Name}'.", nameof(transforms));
            }
        }

        _transforms = [.. transforms];
        Columns = [.. _transforms.Select(transform => transform.Column)];
    }

    /// <inheritdoc/>
    public override ImmutableArray<BatchColumn> Columns { get; }

    /// <inheritdoc/>
    public override void Validate(ShardSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var transform in _transforms)
        {
            transform.Validate(schema.ValueFormat, Find(schema, transform.Source));
        }
    }

    /// <inheritdoc/>
    internal override SampleTransformWorker CreateWorker() => new ColumnSetWorker(_transforms);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _transforms);

    /// <summary>Finds a column, or says which there are.</summary>
    internal static ShardColumn Find(ShardSchema schema, string name)
    {
        var index = schema.IndexOf(name);
        if (index >= 0)
        {
            return schema.Columns[index];
        }

        var columns = string.Join(", ", schema.Columns.Select(column => $"'{column.Name}' ({column.Encoding})"));
        throw new ArgumentException($"The dataset has no column '{name}'. Its columns are {columns}.");
    }
}
