// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>The collections that <see cref="RawConverter"/> makes datasets of, in the layouts in which they are offered for download. Each is
/// listed when it is opened.</summary>
/// <remarks>Thread-safe. The datasets are those of upstream's converters in <c>streaming/{vision,text,multimodal}/convert</c>.</remarks>
public static class RawSources
{
    /// <summary>Opens the fields of C4's lines: <c>text</c>, <c>timestamp</c>, <c>url</c>.</summary>
    /// <inheritdoc cref="JsonLines(string, IReadOnlyList{string}, string)" path="/param|/returns|/exception"/>
    public static RawSource C4(string location, string pattern = "*") => Conversion.JsonLines.Open(location, Conversion.JsonLines.C4, pattern);

    /// <summary>Opens the fields of the Pile's lines: <c>text</c>, and <c>meta.pile_set_name</c> as <c>pile_set_name</c>.</summary>
    /// <inheritdoc cref="JsonLines(string, IReadOnlyList{string}, string)" path="/param|/returns|/exception"/>
    public static RawSource Pile(string location, string pattern = "*") => Conversion.JsonLines.Open(location, Conversion.JsonLines.Pile, pattern);

    /// <summary>Opens files of JSON lines.</summary>
    /// <param name="location">A file, or a folder of them; plain or compressed (<c>.gz</c>, <c>.zst</c>, …).</param>
    /// <param name="fields">The columns, each a name as in <c>text</c>, or <c>column=path</c> as in <c>set=meta.set</c>.</param>
    /// <param name="pattern">Which files of the folder, with <c>*</c> and <c>?</c>.</param>
    /// <returns>The lines.</returns>
    /// <exception cref="ArgumentException">There is no field, or two are of one column.</exception>
    /// <exception cref="FormatException">A field is empty.</exception>
    /// <exception cref="StorageException">There is no such file.</exception>
    public static RawSource JsonLines(string location, IReadOnlyList<string> fields, string pattern = "*")
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Conversion.JsonLines.Open(location, [.. fields.Select(TextField.Parse)], pattern);
    }

    /// <inheritdoc cref="Ade20KFolder.Open"/>
    public static RawSource Ade20K(string directory, string split) => Ade20KFolder.Open(directory, split);

    /// <inheritdoc cref="Cifar10Batches.Open"/>
    public static RawSource Cifar10(string directory, string split) => Cifar10Batches.Open(directory, split);

    /// <inheritdoc cref="CocoFolder.Open"/>
    public static RawSource Coco(string directory, string split) => CocoFolder.Open(directory, split);

    /// <inheritdoc cref="EnWikiText.Open"/>
    public static RawSource EnWiki(string directory, string split) => EnWikiText.Open(directory, split);

    /// <inheritdoc cref="EnWikiExamples.Open"/>
    public static RawSource EnWikiTokens(string location, string pattern = "*") => EnWikiExamples.Open(location, pattern);

    /// <inheritdoc cref="LaionTars.Open"/>
    public static RawSource Laion(string location, string pattern = "*") => LaionTars.Open(location, pattern);

    /// <inheritdoc cref="WebVidTable.Open(string, string)"/>
    public static RawSource WebVid(string table, string videos) => WebVidTable.Open(table, videos);

    /// <inheritdoc cref="WebVidTable.OpenOutside"/>
    public static RawSource WebVidOutside(string table, string videos, string extra, bool overwrite = false) =>
        WebVidTable.OpenOutside(table, videos, extra, overwrite);
}
