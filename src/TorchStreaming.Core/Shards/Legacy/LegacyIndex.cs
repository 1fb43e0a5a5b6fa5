// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>The binary index of Composer's first streaming format (2022). It becomes a <see cref="DatasetIndex"/> like any other.</summary>
/// <remarks>A directory is of this format when it has <c>index.mds</c> or <c>index.mds.gz</c> instead of <c>index.json</c>. Fields have no
/// types: every column's encoding is <c>bytes</c>, and what they mean is up to the reader.</remarks>
internal static class LegacyIndex
{
    /// <summary>The name of the index.</summary>
    public const string FileName = "index.mds";

    /// <summary>The name of the index in a compressed dataset.</summary>
    public const string CompressedFileName = "index.mds.gz";

    /// <summary>The name of the file that says how a dataset is compressed.</summary>
    public const string CompressionFileName = "compression.txt";

    /// <summary>The magic number at the start of the index.</summary>
    internal const uint Magic = 0xDA7AD06E;

    /// <summary>The only version that was released.</summary>
    internal const uint Version = 1;

    /// <summary>Reads an index.</summary>
    /// <param name="index">The whole file, decompressed; kept in memory as long as the result, which reads sample sizes from it.</param>
    /// <param name="location">The file for messages, as a path or URI free of secrets.</param>
    /// <param name="isCompressed">Whether the shards are stored as <c>.mds.gz</c>. Their compressed sizes are not known, and say so with
    /// <see cref="ShardFileInfo.UnknownSize"/>.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ShardFormatException">The index is damaged or of another version.</exception>
    public static DatasetIndex Parse(ReadOnlyMemory<byte> index, string location, bool isCompressed)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return new LegacyIndexParser(index, location, isCompressed).Parse();
    }

    /// <summary>Says what the fields of an index hold. Its bytes are those of the MDS encodings.</summary>
    /// <param name="index">The index.</param>
    /// <param name="encodings">The encoding by the field's name; fields without one keep theirs.</param>
    /// <returns>The index with these encodings.</returns>
    /// <exception cref="ArgumentException">The index is of another format, has no such field, or there is no such encoding.</exception>
    public static DatasetIndex SetEncodings(DatasetIndex index, IReadOnlyDictionary<string, string> encodings)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(encodings);
        if (encodings.Count == 0 || index.Shards.IsEmpty)
        {
            return index;
        }

        // All shards of this format have one schema.
        var known = index.Shards[0].Schema;
        if (known.Format != ShardFormats.Legacy)
        {
            throw new ArgumentException(
                "Encodings are given for a dataset that records its own. Leave them out.", nameof(encodings));
        }

        foreach (var (name, encoding) in encodings)
        {
            _ = known.IndexOf(name) >= 0 ? FieldEncodings.Get(encoding) : throw new ArgumentException(
                $"An encoding is given for the field '{name}'; the dataset has "
                + $"{string.Join(", ", known.Columns.Select(static column => $"'{column.Name}'"))}.",
                nameof(encodings));
        }

        var schema = new ShardSchema(ShardFormats.Legacy, [.. known.Columns.Select(column =>
            encodings.TryGetValue(column.Name, out var encoding) ? column with { Encoding = encoding } : column)]);
        return new DatasetIndex([.. index.Shards.Select(shard => shard.WithSchema(schema))]);
    }

    /// <summary>Names a shard.</summary>
    internal static string NameShard(int shard) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{shard:D6}.mds");
}
