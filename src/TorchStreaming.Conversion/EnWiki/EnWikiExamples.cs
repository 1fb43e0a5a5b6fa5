// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Examples to pre-train BERT with, in TFRecord files as <c>create_pretraining_data.py</c> of BERT and MLPerf writes them: columns
/// <c>input_ids</c>, <c>input_mask</c>, <c>segment_ids</c>, <c>masked_lm_positions</c>, <c>masked_lm_ids</c>, <c>next_sentence_labels</c>
/// (32-bit integers as bytes) and <c>masked_lm_weights</c> (32-bit floating point as bytes), as <c>StreamingEnWiki</c> reads them.</summary>
/// <remarks>Files are read in the order of their names by code points. Mirrors what
/// <c>streaming/text/convert/enwiki/mds/create_pretraining_data.py</c> writes; that script makes the examples of texts itself, at
/// random.</remarks>
internal sealed class EnWikiExamples : RawSource
{
    private readonly FileSet _files;

    private EnWikiExamples(string location, FileSet files)
        : base(location) => _files = files;

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => RawConverterOptions.Default with { Compression = "zstd:7" };

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; } =
        [.. EnWikiExampleReader.Names.Select(static name => new ShardColumn(name, "bytes", null))];

    /// <inheritdoc/>
    internal override int? Count => null;

    /// <summary>Lists the files.</summary>
    /// <param name="location">A TFRecord file, or a folder of them. Folders in it are not looked into.</param>
    /// <param name="pattern">Which files of the folder, with <c>*</c> and <c>?</c>, for example <c>part-*</c>.</param>
    /// <returns>The examples.</returns>
    /// <exception cref="StorageException">There is no such file.</exception>
    public static EnWikiExamples Open(string location, string pattern = "*")
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new EnWikiExamples(Path.GetFullPath(location), FileSet.List(location, pattern));
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append) => _files.AppendIdentity(append);

    /// <inheritdoc/>
    internal override IAsyncEnumerable<RawItem> EnumerateAsync(int first, CancellationToken cancellationToken) =>
        Enumerate(first).ToAsyncEnumerable();

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new EnWikiExampleReader(_files, Columns);

    private IEnumerable<RawItem> Enumerate(int first)
    {
        var number = 0;
        foreach (var file in _files.Files)
        {
            var path = file.In(_files.Directory);
            using var records = new TfRecordFile(path);
            while (records.TryRead(out var record))
            {
                if (number++ >= first)
                {
                    yield return new RawItem(number - 1, new TfRecord(path, records.Number - 1, record.ToArray()));
                }
            }
        }
    }
}
