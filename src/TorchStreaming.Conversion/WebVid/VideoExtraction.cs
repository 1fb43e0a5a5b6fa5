// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A dataset with videos inside its shards (column <c>content</c>, as <c>StreamingInsideWebVid</c> reads them), whose videos are
/// to become files: samples get the column <c>content_path</c> instead, as <c>StreamingOutsideGIWebVid</c> reads them, and keep all
/// others.</summary>
/// <remarks>Videos become <c>iii/jjj.mp4</c>, made of the sample's number. Shards are fetched and decompressed one at a time. Mirrors
/// <c>streaming/multimodal/convert/webvid/extract_webvid_videos.py</c>.</remarks>
internal sealed class VideoExtraction : RawSource
{
    private readonly IObjectStore _store;
    private readonly string? _directory;
    private readonly DatasetIndex _index;
    private readonly ShardSchema _schema;
    private readonly VideoFolder _extra;

    private VideoExtraction(IObjectStore store, string? directory, DatasetIndex index, ShardSchema schema, VideoFolder extra)
        : base(directory ?? store.Location)
    {
        _store = store;
        _directory = directory;
        _index = index;
        _schema = schema;
        _extra = extra;
        Columns = WebVidColumns.Sort(
        [
            .. schema.Columns.Where(static column => column.Name != WebVidColumns.Content),
            new ShardColumn(WebVidColumns.ContentPath, "str", null),
        ]);
    }

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => WebVidColumns.OutsideOptions;

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; }

    /// <inheritdoc/>
    internal override int? Count => (int)_index.SampleCount;

    /// <inheritdoc/>
    internal override bool IsSequential => true;

    /// <summary>Opens a dataset.</summary>
    /// <param name="store">Its directory; not disposed, and in use as long as the conversion runs.</param>
    /// <param name="directory">The path of this directory if it is on this machine, so that files are read where they are; else
    /// <see langword="null"/>.</param>
    /// <param name="index">Its index.</param>
    /// <param name="extra">The local folder that videos are written to. A video that is there already is left; another file in its place
    /// stops the conversion.</param>
    /// <param name="overwrite">Whether other files in the places of videos are replaced.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="ArgumentException"><paramref name="extra"/> is a URL.</exception>
    /// <exception cref="NotSupportedException">The dataset is not MDS, has no column <c>content</c> of bytes or has
    /// <c>content_path</c> already, or more samples than 2³¹ - 1.</exception>
    public static VideoExtraction Open(IObjectStore store, string? directory, DatasetIndex index, string extra, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentException.ThrowIfNullOrEmpty(extra);
        var schema = ConversionColumns.GetCommon(index);
        var content = schema.IndexOf(WebVidColumns.Content);
        if (schema.Format != ShardFormats.Mds || content < 0 || schema.Columns[content].Encoding != "bytes"
            || schema.IndexOf(WebVidColumns.ContentPath) >= 0)
        {
            throw new NotSupportedException(
                $"'{store.Location}' is no MDS dataset with videos inside, that is, with a column '{WebVidColumns.Content}' of bytes; it has "
                + $"{string.Join(", ", schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}"))}.");
        }

        return index.SampleCount <= int.MaxValue
            ? new VideoExtraction(store, directory, index, schema, new VideoFolder(extra, overwrite))
            : throw new NotSupportedException($"{index.SampleCount} samples are too many for one conversion.");
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        append(_extra.Directory);
        foreach (var shard in _index.Shards)
        {
            foreach (var file in shard.Files)
            {
                append(string.Create(CultureInfo.InvariantCulture, $"{file.Stored.Basename} {file.Stored.Bytes} {shard.SampleCount}"));
            }
        }
    }

    /// <inheritdoc/>
    internal override async IAsyncEnumerable<RawItem> EnumerateAsync(
        int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var retrying = new RetryingObjectStore(_store, ownsInner: false);
        await using var closing = retrying.ConfigureAwait(false);
        using var stage = new ShardStage(retrying, _directory);
        var number = 0;
        foreach (var shard in _index.Shards)
        {
            if (number + shard.SampleCount <= first)
            {
                number += shard.SampleCount;
                continue;
            }

            using var staged = await StagedShard.OpenAsync(stage, shard, cancellationToken).ConfigureAwait(false);
            for (var sample = 0; sample < staged.Reader.SampleCount; sample++, number++)
            {
                if (number >= first)
                {
                    yield return new RawItem(number, Take(staged.Reader, sample));
                }
            }
        }
    }

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new VideoExtractionReader(_schema, Columns, _extra);

    private VideoSample Take(ShardReader reader, int sample)
    {
        var ranges = new FieldRange[_schema.Columns.Length];
        ReadOnlyMemory<byte> bytes = reader.GetSample(sample, ranges).Bytes.ToArray();
        return new VideoSample(reader.Location, [.. ranges.Select(range => bytes.Slice(range.Offset, range.Length))]);
    }
}
