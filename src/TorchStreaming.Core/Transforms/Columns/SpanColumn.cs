// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>A column that a delegate writes: the encoded bytes in, the row of the batch out, nothing in between.</summary>
public sealed class SpanColumn : ColumnTransform
{
    private readonly ColumnWriter _writer;

    /// <summary>Creates the column.</summary>
    /// <param name="source">The sample's column; any encoding will do.</param>
    /// <param name="column">The batch's column, in any layout.</param>
    /// <param name="writer">The delegate. Several threads call it at a time.</param>
    public SpanColumn(string source, BatchColumn column, ColumnWriter writer)
        : base(source, column)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
    }

    /// <inheritdoc/>
    public override void Validate(string format, ShardColumn column)
    {
    }

    /// <inheritdoc/>
    internal override ColumnWorker CreateWorker(ShardColumn column) => new Worker(_writer);

    private sealed class Worker(ColumnWriter writer) : ColumnWorker
    {
        public override void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target) =>
            writer(value, context, target);
    }
}
