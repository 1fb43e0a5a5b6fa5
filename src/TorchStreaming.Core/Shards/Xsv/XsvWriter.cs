// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Writes samples as lines of separated values, the bytes that upstream writes. Nothing is quoted or escaped: a value that holds
/// the separator or the line break is refused.</summary>
/// <remarks>Not thread-safe. Mirrors <c>streaming.XSVWriter</c>, <c>streaming.CSVWriter</c> and <c>streaming.TSVWriter</c>.</remarks>
public sealed class XsvWriter : DatasetWriter
{
    private readonly SplitShardLayout _layout;
    private readonly FieldEncoding[] _encodings;
    private readonly byte[] _separator;
    private readonly byte[] _newline;

    private XsvWriter(ShardSchema schema, SplitShardLayout layout, ShardPublisher publisher, DatasetWriterOptions options)
        : base(schema, publisher, options, shardOverhead: 0, sampleOverhead: 0)
    {
        _layout = layout;
        _encodings = [.. Enumerable.Range(0, schema.Columns.Length).Select(column => FieldEncodings.ForColumn(schema, column))];
        _separator = Encoding.UTF8.GetBytes(XsvFormat.GetSeparator(schema));
        _newline = Encoding.UTF8.GetBytes(schema.Newline!);
    }

    /// <summary>Creates a writer of comma-separated values.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="columns">The columns: name and encoding, which is <c>str</c>, <c>int</c> or <c>float</c>.</param>
    /// <param name="newline">The text after every line.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A column's encoding is unknown or its name holds a separator, or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public static ValueTask<XsvWriter> CreateCsvAsync(
        DatasetOutput output,
        IReadOnlyDictionary<string, string> columns,
        string newline = "\n",
        DatasetWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        CreateAsync(ShardFormats.Csv, separator: null, output, columns, newline, options, cancellationToken);

    /// <summary>Creates a writer of tab-separated values.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="columns">The columns: name and encoding, which is <c>str</c>, <c>int</c> or <c>float</c>.</param>
    /// <param name="newline">The text after every line.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A column's encoding is unknown or its name holds a separator, or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public static ValueTask<XsvWriter> CreateTsvAsync(
        DatasetOutput output,
        IReadOnlyDictionary<string, string> columns,
        string newline = "\n",
        DatasetWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        CreateAsync(ShardFormats.Tsv, separator: null, output, columns, newline, options, cancellationToken);

    /// <summary>Creates a writer of values with any separator.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="columns">The columns: name and encoding, which is <c>str</c>, <c>int</c> or <c>float</c>.</param>
    /// <param name="separator">The text between columns, one character or more.</param>
    /// <param name="newline">The text after every line.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A column's encoding is unknown or its name holds a separator, or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public static ValueTask<XsvWriter> CreateAsync(
        DatasetOutput output,
        IReadOnlyDictionary<string, string> columns,
        string separator,
        string newline = "\n",
        DatasetWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(separator);
        return CreateAsync(ShardFormats.Xsv, separator, output, columns, newline, options, cancellationToken);
    }

    private static async ValueTask<XsvWriter> CreateAsync(
        string format,
        string? separator,
        DatasetOutput output,
        IReadOnlyDictionary<string, string> columns,
        string newline,
        DatasetWriterOptions? options,
        CancellationToken cancellationToken)
    {
        options ??= new DatasetWriterOptions();
        ArgumentException.ThrowIfNullOrEmpty(newline);
        var schema = new ShardSchema(format, TextColumns.Create(format, columns)) { Newline = newline, Separator = separator };
        separator = XsvFormat.GetSeparator(schema);
        foreach (var column in schema.Columns)
        {
            if (column.Name.Contains(separator, StringComparison.Ordinal) || column.Name.Contains(newline, StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"The name of the column '{column.Name}' holds the separator or the line break.", nameof(columns));
            }
        }

        var header = string.Join(separator, schema.Columns.Select(static column => column.Name)) + newline;
        var layout = new SplitShardLayout(schema, options, Encoding.UTF8.GetBytes(header));
        var publisher = await ShardPublisher.CreateAsync(output, schema, options, cancellationToken).ConfigureAwait(false);
        return new XsvWriter(schema, layout, publisher, options);
    }

    private protected override void EncodeSample(IReadOnlyDictionary<string, object?> sample)
    {
        for (var i = 0; i < _encodings.Length; i++)
        {
            var column = Schema.Columns[i];
            new PythonJsonWriter(Buffer).Raw(i == 0 ? [] : _separator);
            var start = Buffer.SampleLength;
            _encodings[i].WriteObject(GetValue(sample, column), Buffer);
            var value = Buffer.Sample[start..];
            if (value.IndexOf(_separator) >= 0 || value.IndexOf(_newline) >= 0)
            {
                throw new ArgumentException(
                    $"The value of the column '{column.Name}' holds the separator or the line break, which this format cannot escape.",
                    nameof(sample));
            }
        }

        new PythonJsonWriter(Buffer).Raw(_newline);
    }

    private protected override IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard) => _layout.LayOut(buffer, shard);
}
