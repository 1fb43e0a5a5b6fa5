// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Writes samples as JSON objects, one per line, the bytes that upstream writes.</summary>
/// <remarks>Not thread-safe. Mirrors <c>streaming.JSONWriter</c>.</remarks>
public sealed class JsonlWriter : DatasetWriter
{
    private readonly SplitShardLayout _layout;
    private readonly FieldEncoding[] _encodings;
    private readonly byte[] _newline;

    private JsonlWriter(ShardSchema schema, ShardPublisher publisher, DatasetWriterOptions options)
        : base(schema, publisher, options, shardOverhead: 0, sampleOverhead: 0)
    {
        _layout = new SplitShardLayout(schema, options, header: []);
        _encodings = [.. Enumerable.Range(0, schema.Columns.Length).Select(column => FieldEncodings.ForColumn(schema, column))];
        _newline = Encoding.UTF8.GetBytes(schema.Newline!);
    }

    /// <summary>Creates a writer.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="columns">The columns: name and encoding, which is <c>str</c>, <c>int</c> or <c>float</c>.</param>
    /// <param name="newline">The text after every sample.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A column's encoding is unknown, or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public static async ValueTask<JsonlWriter> CreateAsync(
        DatasetOutput output,
        IReadOnlyDictionary<string, string> columns,
        string newline = "\n",
        DatasetWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new DatasetWriterOptions();
        ArgumentException.ThrowIfNullOrEmpty(newline);
        var schema = new ShardSchema(ShardFormats.Json, TextColumns.Create(ShardFormats.Json, columns)) { Newline = newline };
        var publisher = await ShardPublisher.CreateAsync(output, schema, options, cancellationToken).ConfigureAwait(false);
        return new JsonlWriter(schema, publisher, options);
    }

    private protected override void EncodeSample(IReadOnlyDictionary<string, object?> sample)
    {
        var json = new PythonJsonWriter(Buffer);
        json.Raw("{"u8);
        for (var i = 0; i < _encodings.Length; i++)
        {
            var column = Schema.Columns[i];
            json.Raw(i == 0 ? ""u8 : ", "u8);
            json.Name(column.Name);
            _encodings[i].WriteObject(GetValue(sample, column), Buffer);
        }

        json.Raw("}"u8);
        json.Raw(_newline);
    }

    private protected override IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard) => _layout.LayOut(buffer, shard);
}
