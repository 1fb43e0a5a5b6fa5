// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>How a type's values are samples: the columns they are written to, and how they are read back.</summary>
/// <typeparam name="T">The type, for example a record.</typeparam>
/// <remarks>
/// <para>It is made of functions, not of reflection, so that it is fast, boxes nothing and survives trimming:</para>
/// <code>
/// static readonly RecordSchema&lt;Review&gt; Reviews = new RecordSchema&lt;Review&gt;(
///         static sample => new(sample.Get&lt;string&gt;("text"), sample.Get&lt;long&gt;("stars")))
///     .Column("text", "str", static review => review.Text)
///     .Column("stars", "int", static review => review.Stars);
/// </code>
/// <para>Immutable and thread-safe, if its functions are.</para>
/// </remarks>
public sealed class RecordSchema<T>
{
    private readonly ImmutableArray<RecordColumn<T>> _columns;

    /// <summary>Creates a schema without columns; <see cref="Column{TValue}"/> adds them.</summary>
    /// <param name="read">Makes a value of a sample, which is a loan that ends when the function does.</param>
    public RecordSchema(Func<Sample, T> read)
        : this(read, [])
    {
        ArgumentNullException.ThrowIfNull(read);
    }

    private RecordSchema(Func<Sample, T> read, ImmutableArray<RecordColumn<T>> columns)
    {
        ReadSample = read;
        _columns = columns;
    }

    /// <summary>Gets the columns: name and encoding, as writers take them.</summary>
    public IReadOnlyDictionary<string, string> Columns =>
        _columns.ToDictionary(static column => column.Name, static column => column.Encoding.Name, StringComparer.Ordinal);

    /// <summary>Gets what makes a value of a sample.</summary>
    internal Func<Sample, T> ReadSample { get; }

    /// <summary>Adds a column.</summary>
    /// <typeparam name="TValue">The type of the encoding's values: <see cref="long"/> for <c>int</c>, <see cref="string"/> for
    /// <c>str</c>, <see cref="ReadOnlySpan{T}"/> of bytes for <c>bytes</c> and <c>jpeg</c>, <see cref="NdArrayView"/> for
    /// <c>ndarray</c>.</typeparam>
    /// <param name="name">The column's name.</param>
    /// <param name="encoding">Its encoding, see <see cref="FieldEncodings.Names"/>.</param>
    /// <param name="get">Gets what is written there.</param>
    /// <returns>The schema with the column.</returns>
    /// <exception cref="ArgumentException">There is a column of this name, no such encoding, or its values are of another
    /// type.</exception>
    public RecordSchema<T> Column<TValue>(string name, string encoding, Func<T, TValue> get)
        where TValue : allows ref struct
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(get);
        if (_columns.Any(column => column.Name == name))
        {
            throw new ArgumentException($"There are two columns '{name}'.", nameof(name));
        }

        return new RecordSchema<T>(ReadSample, _columns.Add(new RecordColumn<T, TValue>(name, FieldEncodings.Get<TValue>(encoding), get)));
    }

    /// <summary>Adds a column of bytes, for example of an encoded image.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="encoding">Its encoding, whose values are bytes: <c>bytes</c>, <c>jpeg</c> or <c>png</c>.</param>
    /// <param name="get">Gets what is written there.</param>
    /// <returns>The schema with the column.</returns>
    /// <inheritdoc cref="Column{TValue}" path="/exception"/>
    public RecordSchema<T> Column(string name, string encoding, Func<T, byte[]> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return Column<ReadOnlySpan<byte>>(name, encoding, record => get(record));
    }

    /// <summary>Adds a column of arrays.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="encoding">Its encoding: <c>ndarray</c>, <c>ndarray:DTYPE</c> or <c>ndarray:DTYPE:SHAPE</c>.</param>
    /// <param name="get">Gets what is written there, see <see cref="NdArray.Create{T}"/>.</param>
    /// <returns>The schema with the column.</returns>
    /// <inheritdoc cref="Column{TValue}" path="/exception"/>
    public RecordSchema<T> Column(string name, string encoding, Func<T, NdArray> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return Column<NdArrayView>(name, encoding, record => get(record).AsView());
    }

    /// <summary>Sees the samples of a dataset as values of the type.</summary>
    /// <param name="dataset">The dataset; not owned.</param>
    /// <returns>The view.</returns>
    /// <exception cref="ArgumentException">The dataset lacks a column of the schema, or has values of another type there.</exception>
    public RecordDataset<T> Read(StreamingDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new RecordDataset<T>(dataset, this);
    }

    /// <summary>Creates a writer of values into MDS shards with these columns.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A column's encoding is unknown, or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public async ValueTask<MdsWriter<T>> CreateWriterAsync(
        DatasetOutput output, DatasetWriterOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await MdsWriter.CreateAsync(output, Columns, options, cancellationToken).ConfigureAwait(false), this);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _columns.Select(static column => $"{column.Name} {column.Encoding.Name}"));

    /// <summary>Sets every column of a row.</summary>
    internal void Write(MdsRow row, T record)
    {
        foreach (var column in _columns)
        {
            column.Write(row, record);
        }
    }

    /// <summary>Throws unless samples have all columns, with values of the types that are written.</summary>
    internal void Validate(ShardSchema schema)
    {
        foreach (var column in _columns)
        {
            var place = schema.IndexOf(column.Name);
            if (place < 0)
            {
                throw new ArgumentException($"The dataset has no column '{column.Name}', which a {typeof(T).Name} needs.");
            }

            if (!column.Takes(FieldEncodings.ForColumn(schema, place)))
            {
                throw new ArgumentException(
                    $"Column '{column.Name}' has the encoding '{schema.Columns[place].Encoding}', whose values are of another type than "
                    + $"those of '{column.Encoding.Name}', which a {typeof(T).Name} has there.");
            }
        }
    }
}
