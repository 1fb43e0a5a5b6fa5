// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Writes samples of typed columns into MDS shards, the bytes that upstream writes.</summary>
/// <remarks>Not thread-safe. Mirrors <c>streaming.MDSWriter</c>.</remarks>
public sealed class MdsWriter : DatasetWriter
{
    private readonly MdsShardLayout _layout;

    private MdsWriter(ShardSchema schema, MdsShardLayout layout, ShardPublisher publisher, DatasetWriterOptions options)
        : base(schema, publisher, options, layout.EmptyLength, sizeof(uint))
    {
        _layout = layout;
        Row = new MdsRow(this, schema);
    }

    /// <summary>Gets the sample that <see cref="WriteRowAsync"/> writes next.</summary>
    public MdsRow Row { get; }

    /// <summary>Gets the buffer of the growing sample.</summary>
    internal ShardBuffer SampleBuffer => Buffer;

    /// <summary>Creates a writer.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="columns">The columns: name and encoding, see <see cref="FieldEncodings.Names"/>.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A column's encoding is unknown, or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public static async ValueTask<MdsWriter> CreateAsync(
        DatasetOutput output,
        IReadOnlyDictionary<string, string> columns,
        DatasetWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        options ??= new DatasetWriterOptions();
        var schema = new ShardSchema(
            ShardFormats.Mds,
            [
                .. columns.OrderBy(static column => column.Key, CodePointComparer.Instance)
                    .Select(static column => new ShardColumn(column.Key, column.Value, FieldEncodings.Get(column.Value).Size)),
            ]);
        var publisher = await ShardPublisher.CreateAsync(output, schema, options, cancellationToken).ConfigureAwait(false);
        return new MdsWriter(schema, new MdsShardLayout(schema, options), publisher, options);
    }

    /// <summary>Writes the sample in <see cref="Row"/>, which is empty afterward.</summary>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>A task that ends when the sample is taken; most often at once, else when a full shard has been handed on.</returns>
    /// <exception cref="ArgumentException">A column was not set, or has a size that its encoding does not have. The sample is not
    /// written.</exception>
    /// <exception cref="StorageException">A shard could not be written. The writer is of no more use.</exception>
    public ValueTask WriteRowAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        Row.Finish();
        return CommitSampleAsync(cancellationToken);
    }

    private protected override void EncodeSample(IReadOnlyDictionary<string, object?> sample)
    {
        Row.Clear();
        for (var i = 0; i < Schema.Columns.Length; i++)
        {
            Row.SetObject(i, GetValue(sample, Schema.Columns[i]));
        }

        Row.Finish();
    }

    private protected override IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard) => [_layout.LayOut(buffer, shard)];
}
