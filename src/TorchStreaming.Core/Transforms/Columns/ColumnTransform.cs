// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Says how one column of a sample becomes one column of the batch. Immutable and thread-safe.</summary>
public abstract class ColumnTransform
{
    /// <summary>Creates the transform.</summary>
    /// <param name="source">The sample's column.</param>
    /// <param name="column">The batch's column.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    protected ColumnTransform(string source, BatchColumn column)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(column);
        ArgumentException.ThrowIfNullOrEmpty(column.Name);
        Source = source;
        Column = column;
    }

    /// <summary>Gets the name of the sample's column.</summary>
    public string Source { get; }

    /// <summary>Gets the batch's column.</summary>
    public BatchColumn Column { get; }

    /// <summary>Checks that the encoding of the sample's column can be read.</summary>
    /// <param name="format">The shard's format.</param>
    /// <param name="column">The sample's column.</param>
    /// <exception cref="ArgumentException">It cannot; the message names column, encoding and remedy.</exception>
    public abstract void Validate(string format, ShardColumn column);

    /// <summary>Makes a worker for columns of one encoding.</summary>
    /// <param name="column">The sample's column, already validated.</param>
    /// <returns>The worker, used by one thread at a time and disposed by the caller.</returns>
    internal abstract ColumnWorker CreateWorker(ShardColumn column);

    /// <summary>Says which column of the sample becomes which of the batch, for example <c>label → y Int64</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => Source == Column.Name ? $"{Column}" : $"{Source} → {Column}";
}
