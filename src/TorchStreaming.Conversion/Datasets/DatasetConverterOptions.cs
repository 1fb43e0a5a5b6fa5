// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>What a dataset is turned into.</summary>
public sealed record DatasetConverterOptions
{
    /// <summary>Gets the format to write: <c>mds</c>, <c>json</c>, <c>csv</c>, <c>tsv</c> or
    /// <c>tar</c>; see <see cref="ShardFormats"/>.</summary>
    /// <value>The default is <c>mds</c>.</value>
    public string Format { get; init; } = ShardFormats.Mds;

    /// <summary>Gets encodings by column, where the usual ones do not do: Composer's legacy format knows only <c>bytes</c>, and whole
    /// numbers of text may need <c>str_int</c>. Bytes are kept as they are and decoded once, to see that they are of the encoding; text is
    /// encoded. Only for MDS.</summary>
    /// <value>The default is none.</value>
    public ImmutableDictionary<string, string> Encodings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the fields of tars by column: what the names of the files end with.</summary>
    /// <value>The default is none: the column's name, and after it what its encoding is called in WebDataset, as in <c>x.jpg</c> and
    /// <c>y.cls</c>.</value>
    public ImmutableDictionary<string, string> TarFields { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets how tars are named and when the next begins.</summary>
    /// <value>The default is that of <see cref="TarShardWriterOptions"/>.</value>
    public TarShardWriterOptions Tars { get; init; } = new();

    /// <summary>Gets how shards are written.</summary>
    /// <value>The default is that of <see cref="DatasetWriterOptions"/>.</value>
    public DatasetWriterOptions Writer { get; init; } = new();

    /// <summary>Gets how many shards of the source are fetched and decompressed at a time, ahead of the samples that are written. It never
    /// changes what is written; so many raw shards are in the temporary folder.</summary>
    /// <value>The default is 2.</value>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Workers));
            field = value;
        }
    } = 2;

    /// <summary>Gets the clock of the progress reports.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override string ToString() => $"DatasetConverterOptions: to {Format}, {Counted.Of(Workers, "worker")}; {Writer}";
}
