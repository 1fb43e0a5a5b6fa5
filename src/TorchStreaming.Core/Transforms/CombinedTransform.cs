// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Several transforms of the same sample: a batch has the columns of all of them, those of the first one first.</summary>
/// <remarks>For transforms that make several columns of one, beside a <see cref="ColumnSet"/>: images with their captions, for
/// example. Random steps of two parts that are at the same place in theirs draw the same numbers; columns that are to draw their own belong
/// into one <see cref="ColumnSet"/>. Immutable and thread-safe as far as its parts are.</remarks>
/// <example><code>
/// var transform = new CombinedTransform(
///     new ColumnSet(new ImageColumn("jpg", ImageTransform.Resize(224).CenterCrop(224), name: "x")),
///     new TokenizedText("txt", tokenizer, length: 77));
/// </code></example>
public sealed class CombinedTransform : SampleTransform
{
    private readonly ImmutableArray<SampleTransform> _parts;

    /// <summary>Creates the transform.</summary>
    /// <param name="parts">The transforms, in the order of the batch's columns; at least one.</param>
    /// <exception cref="ArgumentException">There is none, or two columns have one name in the batch.</exception>
    public CombinedTransform(params ReadOnlySpan<SampleTransform> parts)
    {
        if (parts.IsEmpty)
        {
            throw new ArgumentException("A batch needs at least one transform.", nameof(parts));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            if (part.Columns.FirstOrDefault(column => !names.Add(column.Name)) is { } twice)
            {
                throw new ArgumentException($"Two columns of the batch are named '{twice.Name}'.", nameof(parts));
            }
        }

        _parts = [.. parts];
        Columns = [.. _parts.SelectMany(static part => part.Columns)];
    }

    /// <inheritdoc/>
    public override ImmutableArray<BatchColumn> Columns { get; }

    /// <inheritdoc/>
    public override void Validate(ShardSchema schema)
    {
        foreach (var part in _parts)
        {
            part.Validate(schema);
        }
    }

    /// <inheritdoc/>
    internal override SampleTransformWorker CreateWorker() => new Worker(_parts);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _parts);

    private sealed class Worker : SampleTransformWorker
    {
        private readonly (SampleTransformWorker Worker, ColumnsOfPart Slot)[] _parts;

        public Worker(ImmutableArray<SampleTransform> parts)
        {
            _parts = new (SampleTransformWorker, ColumnsOfPart)[parts.Length];
            var columns = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                _parts[i] = (parts[i].CreateWorker(), new ColumnsOfPart(columns));
                columns += parts[i].Columns.Length;
            }
        }

        public override void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row)
        {
            foreach (var (worker, columns) in _parts)
            {
                columns.Whole = slot;
                worker.Transform(sample, context, columns, row);
                columns.Whole = null;
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (var (worker, _) in _parts)
                {
                    worker.Dispose();
                }
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>The batch as one part sees it: its own columns, counted from 0.</summary>
    private sealed class ColumnsOfPart(int first) : IBatchSlot
    {
        public IBatchSlot? Whole { get; set; }

        public Span<byte> GetRow(int column, int row) => Whole!.GetRow(first + column, row);

        public Span<byte> AllocateRow(int column, int row, ReadOnlySpan<long> shape) => Whole!.AllocateRow(first + column, row, shape);
    }
}
