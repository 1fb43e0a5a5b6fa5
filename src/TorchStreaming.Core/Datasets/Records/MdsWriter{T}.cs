// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Writes values of a type into MDS shards, the bytes that upstream writes.</summary>
/// <typeparam name="T">The type, for example a record.</typeparam>
/// <remarks>Not thread-safe. Nothing is boxed.</remarks>
public sealed class MdsWriter<T> : IAsyncDisposable
{
    private readonly MdsWriter _writer;
    private readonly RecordSchema<T> _schema;

    internal MdsWriter(MdsWriter writer, RecordSchema<T> schema)
    {
        _writer = writer;
        _schema = schema;
    }

    /// <summary>Gets the number of samples written so far.</summary>
    public long SampleCount => _writer.SampleCount;

    /// <summary>Writes a value.</summary>
    /// <param name="record">The value, which may be changed afterward.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>A task that ends when the sample is taken; most often at once, else when a full shard has been handed on.</returns>
    /// <exception cref="ArgumentException">A column's encoding cannot hold its value. The sample is not written.</exception>
    /// <exception cref="StorageException">A shard could not be written. The writer is of no more use.</exception>
    public ValueTask WriteAsync(T record, CancellationToken cancellationToken = default)
    {
        _writer.Row.Clear();
        _schema.Write(_writer.Row, record);
        return _writer.WriteRowAsync(cancellationToken);
    }

    /// <inheritdoc cref="DatasetWriter.CompleteAsync"/>
    public ValueTask<DatasetIndex> CompleteAsync(CancellationToken cancellationToken = default) =>
        _writer.CompleteAsync(cancellationToken);

    /// <inheritdoc cref="DatasetWriter.DisposeAsync"/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <inheritdoc/>
    public override string ToString() => $"{_writer}, each of type {typeof(T).Name}";
}
