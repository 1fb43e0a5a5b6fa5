// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Texts in files of one JSON object per line, plain, gzip (<c>.gz</c>) or zstandard (<c>.zst</c>): C4, the Pile and their
/// like.</summary>
/// <remarks>Files are read in the order of their names by code points, one after the other, from front to back; lines are parsed and encoded
/// on all workers. Empty lines are passed over. A continued conversion reads again, and drops, the lines that are done. Mirrors
/// <c>streaming/text/convert/c4.py</c> and <c>pile.py</c>.</remarks>
internal sealed class JsonLines : RawSource
{
    private static readonly string[] Extensions =
        [".json", ".jsonl", ".json.gz", ".jsonl.gz", ".json.zst", ".jsonl.zst", ".json.zstd", ".jsonl.zstd"];

    private readonly FileSet _files;

    private JsonLines(string location, FileSet files, ImmutableArray<TextField> fields)
        : base(location)
    {
        _files = files;
        Fields = fields;
        Columns = [.. fields.Select(static field => new ShardColumn(field.Column, "str", null))];
    }

    /// <summary>Gets the one column <c>text</c>.</summary>
    public static ImmutableArray<TextField> TextOnly { get; } = [new("text", "text")];

    /// <summary>Gets the columns of C4 as <c>StreamingC4</c> reads them: <c>text</c>, <c>timestamp</c> and <c>url</c>.</summary>
    public static ImmutableArray<TextField> C4 { get; } = [new("text", "text"), new("timestamp", "timestamp"), new("url", "url")];

    /// <summary>Gets the columns of the Pile as <c>StreamingPile</c> reads them: <c>text</c>, and <c>pile_set_name</c> out of
    /// <c>meta</c>.</summary>
    public static ImmutableArray<TextField> Pile { get; } = [new("text", "text"), new("pile_set_name", "meta.pile_set_name")];

    /// <summary>Gets the columns.</summary>
    public ImmutableArray<TextField> Fields { get; }

    /// <summary>Gets the paths of the files below the folder, in the order in which they are read.</summary>
    public ImmutableArray<string> Files => [.. _files.Files.Select(static file => file.Path)];

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => RawConverterOptions.Default with
    {
        Compression = "zstd:7",
        SizeLimit = ByteSize.MiB(128),
    };

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; }

    /// <inheritdoc/>
    internal override int? Count => null;

    /// <summary>Lists the files.</summary>
    /// <param name="location">A file, or a folder of files that end with <c>.json</c> or <c>.jsonl</c>, followed by <c>.gz</c> or <c>.zst</c>
    /// where they are compressed. Folders in it are not looked into.</param>
    /// <param name="fields">The columns; <see cref="TextOnly"/>, <see cref="C4"/>, <see cref="Pile"/>, or others.</param>
    /// <param name="pattern">Which files of the folder, with <c>*</c> and <c>?</c>, for example <c>c4-train.*</c>.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ArgumentException">There are no columns, or two of one name.</exception>
    /// <exception cref="StorageException">There is no such file.</exception>
    public static JsonLines Open(string location, ImmutableArray<TextField> fields, string pattern = "*")
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (fields.IsDefaultOrEmpty || fields.DistinctBy(static field => field.Column).Count() != fields.Length)
        {
            throw new ArgumentException("There must be one column at least, and no two of one name.", nameof(fields));
        }

        return new JsonLines(Path.GetFullPath(location), FileSet.List(location, pattern, Extensions), fields);
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        foreach (var field in Fields)
        {
            append(field.Path);
        }

        _files.AppendIdentity(append);
    }

    /// <inheritdoc/>
    internal override IAsyncEnumerable<RawItem> EnumerateAsync(int first, CancellationToken cancellationToken) =>
        LineItems.Enumerate(_files, first, static line => !line.ContainsAnyExcept((byte)' ', (byte)'\t')).ToAsyncEnumerable();

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new JsonLineReader(_files, Columns, Fields);
}
