// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A split of the English Wikipedia of January 2020 as plain text, one sentence or paragraph per line: column <c>text</c>, the
/// line without white space at its ends.</summary>
/// <remarks>Split <c>train</c> is <c>part-00000-of-00500</c> to <c>part-00499-of-00500</c>, or as many as the names tell; split <c>val</c>
/// is <c>eval.txt</c>. Empty lines, which part articles, are passed over. Mirrors <c>streaming/text/convert/enwiki_text.py</c>.</remarks>
internal sealed partial class EnWikiText : RawSource
{
    private readonly FileSet _files;

    private EnWikiText(FileSet files)
        : base(files.Directory) => _files = files;

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => RawConverterOptions.Default with
    {
        Compression = "zstd:7",
        SizeLimit = ByteSize.MiB(32),
    };

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; } = [new("text", "str", null)];

    /// <inheritdoc/>
    internal override int? Count => null;

    /// <summary>Lists a split.</summary>
    /// <param name="directory">The folder with the files.</param>
    /// <param name="split">The split, <c>train</c> or <c>val</c>.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="StorageException">There are no such files, or a part is missing.</exception>
    public static EnWikiText Open(string directory, string split)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var pattern = split switch
        {
            "train" => "part-*-of-*",
            "val" => "eval.txt",
            _ => throw new ArgumentException($"The Wikipedia has the splits train and val, not '{split}'.", nameof(split)),
        };
        var path = Path.GetFullPath(directory);
        var files = RawListing.List(path, pattern, recurse: false);
        if (split == "train")
        {
            ThrowIfPartIsMissing(path, files);
        }

        return new EnWikiText(new FileSet(path, files));
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append) => _files.AppendIdentity(append);

    /// <inheritdoc/>
    internal override IAsyncEnumerable<RawItem> EnumerateAsync(int first, CancellationToken cancellationToken) =>
        LineItems.Enumerate(_files, first, static line => TextLineReader.Trim(line).IsEmpty).ToAsyncEnumerable();

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new TextLineReader(_files, Columns);

    private static void ThrowIfPartIsMissing(string directory, ImmutableArray<ListedFile> files)
    {
        var total = PartName().Match(files[0].Path) is { Success: true } match
            ? int.Parse(match.Groups["total"].Value, CultureInfo.InvariantCulture) : 1;
        for (var i = 0; i < Math.Max(total, files.Length); i++)
        {
            var expected = string.Create(CultureInfo.InvariantCulture, $"part-{i:D5}-of-{total:D5}");
            if (i >= files.Length || files[i].Path != expected)
            {
                var found = i < files.Length && i >= total ? $"'{files[i].Path}' is one too many" : $"'{expected}' is missing";
                throw new StorageException(
                    StorageErrorKind.NotFound, Path.Combine(directory, expected), $"Of the parts in '{directory}' {found}.");
            }
        }
    }

    [GeneratedRegex("^part-[0-9]{5}-of-(?<total>[0-9]{5})$")]
    private static partial Regex PartName();
}
