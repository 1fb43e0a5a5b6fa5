// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Writes samples as WebDataset tars: a file for each field, named by the sample's key and the field. Beside each tar goes a table
/// of its samples, and an index at the end, so that what is written is at once a dataset with random access.</summary>
/// <remarks>Equal samples give equal bytes: headers hold no time, no user and mode 644. Names of up to 100 bytes make ustar headers, longer
/// ones pax headers. Not thread-safe. Mirrors <c>webdataset.ShardWriter</c>.</remarks>
public sealed class TarShardWriter : DatasetWriter
{
    private readonly TarShardLayout _layout;
    private string? _lastKey;
    private long _lastKeyAt;

    private TarShardWriter(
        ShardSchema schema, TarShardLayout layout, ShardPublisher publisher, DatasetWriterOptions options, int? sampleLimit)
        : base(schema, publisher, options with { EmptyLeadingShard = false }, TarShardLayout.EndLength, 0)
    {
        _layout = layout;
        SampleLimit = sampleLimit;
    }

    /// <summary>Creates a writer.</summary>
    /// <param name="output">Where to write; a path or URL converts by itself.</param>
    /// <param name="fields">The fields that samples may have: what is after the first dot of a file's name, for example <c>jpg</c> or
    /// <c>seg.png</c>, in lower case.</param>
    /// <param name="tarOptions">How tars are named and when the next begins; <see langword="null"/> for the defaults.</param>
    /// <param name="options">How to write; <see langword="null"/> for the defaults. A <see cref="DatasetWriterOptions.Compression"/> makes
    /// <c>.tar.zst</c> and the like, which the dataset's index still gives random access to.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">A field's name or an option is wrong.</exception>
    /// <exception cref="StorageException">The output has files already or cannot be written.</exception>
    public static async ValueTask<TarShardWriter> CreateAsync(
        DatasetOutput output,
        IEnumerable<string> fields,
        TarShardWriterOptions? tarOptions = null,
        DatasetWriterOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fields);
        tarOptions ??= new TarShardWriterOptions();
        options ??= new DatasetWriterOptions();
        tarOptions.Validate(nameof(tarOptions));
        var columns = fields.ToImmutableArray();
        foreach (var field in columns)
        {
            CheckField(field, nameof(fields));
        }

        if (columns.Distinct().Count() != columns.Length)
        {
            throw new ArgumentException("Two fields have one name.", nameof(fields));
        }

        var schema = new ShardSchema(
            ShardFormats.Tar,
            [new(TarOptions.KeyColumn, "str", null), .. columns.Select(static name => new ShardColumn(name, "bytes", null))]);
        var publisher = await ShardPublisher.CreateAsync(output, schema, options, cancellationToken).ConfigureAwait(false);
        return new TarShardWriter(schema, new TarShardLayout(tarOptions), publisher, options, tarOptions.MaxCount);
    }

    /// <inheritdoc/>
    private protected override void EncodeSample(IReadOnlyDictionary<string, object?> sample)
    {
        var key = sample.TryGetValue(TarOptions.KeyColumn, out var value) ? value as string : null;
        CheckKey(key);
        if (key == _lastKey && SampleCount == _lastKeyAt + 1)
        {
            throw new ArgumentException($"The key '{key}' comes twice in a row, which would make one sample of two.", nameof(sample));
        }

        var written = 0;
        foreach (var column in Schema.Columns.AsSpan()[1..])
        {
            if (sample.TryGetValue(column.Name, out var content) && content is not null)
            {
                TarShardLayout.Write(Buffer, $"{key}.{column.Name}", ToBytes(content, column.Name).Span);
                written++;
            }
        }

        if (written == 0)
        {
            throw new ArgumentException($"The sample '{key}' has no field of those that the writer was made for.", nameof(sample));
        }

        (_lastKey, _lastKeyAt) = (key, SampleCount);
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard) => _layout.LayOut(buffer, shard);

    private static ReadOnlyMemory<byte> ToBytes(object content, string field) => content switch
    {
        byte[] bytes => bytes,
        ReadOnlyMemory<byte> bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => throw new ArgumentException(
            $"The field '{field}' is a {content.GetType().Name}; give bytes, or text, which is written as UTF-8.", nameof(content)),
    };

    private static void CheckKey(string? key)
    {
        var name = key is null ? [] : Encoding.UTF8.GetBytes($"{key}.x");
        if (!TarKey.TryParse(name, TarKeyRule.WebDataset, out var parts)
            || parts.Key.End.Value != name.Length - 2
            || key!.StartsWith('/')
            || key.Contains('\0', StringComparison.Ordinal)
            || key.Split('/').Contains(".."))
        {
            throw new ArgumentException(
                $"The key '{key}' cannot be the name of files: '{TarOptions.KeyColumn}' is text without a dot in its last part, not "
                + "beginning with '/', without '..' and not between double underscores.");
        }
    }

    private static void CheckField(string field, string paramName)
    {
        if (string.IsNullOrEmpty(field)
            || field.AsSpan().ContainsAny('/', '\0')
            || !field.Equals(field.ToLowerInvariant(), StringComparison.Ordinal)
            || field == TarOptions.KeyColumn)
        {
            throw new ArgumentException(
                $"'{field}' cannot be a field: it is what is after the first dot of names, in lower case.", paramName);
        }
    }
}
