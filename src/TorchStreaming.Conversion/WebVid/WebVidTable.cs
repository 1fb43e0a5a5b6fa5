// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A table of WebVid (CSV) and the folder of its videos, which are on the disk already: columns <c>videoid</c>, <c>name</c>,
/// <c>page_idx</c>, <c>page_dir</c>, <c>duration</c> (in seconds), <c>contentUrl</c>, and <c>content</c> (the video file) as
/// <c>StreamingInsideWebVid</c> reads them, or <c>content_path</c> as the two outside classes do.</summary>
/// <remarks>
/// <para>The table is read from front to back. A row's video is <c>page_dir/videoid.mp4</c>, or else <c>videoid.mp4</c>; without it the row
/// is a damaged item. Nothing is downloaded. A table without the column <c>page_idx</c>, as that of 10 million videos, gives empty
/// texts.</para>
/// <para>Videos outside are copied to <c>iii/jjj.mp4</c>, which is made of the row's number. Mirrors
/// <c>streaming/multimodal/convert/webvid/crawl_webvid.py</c> without the crawling, and <c>extract_webvid_videos.py</c>.</para>
/// </remarks>
internal sealed class WebVidTable : RawSource
{
    private const string PageIdx = "page_idx";

    private readonly FileSet _file;
    private readonly ImmutableArray<string> _header;
    private readonly VideoFolder? _extra;

    private WebVidTable(string path, FileSet file, ImmutableArray<string> header, string videos, VideoFolder? extra)
        : base(path)
    {
        _file = file;
        _header = header;
        _extra = extra;
        Videos = videos;
    }

    /// <summary>Gets the full path of the folder that the videos are in.</summary>
    public string Videos { get; }

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => _extra is null ? RawConverterOptions.Default : WebVidColumns.OutsideOptions;

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns => _extra is null ? WebVidColumns.Inside : WebVidColumns.Outside;

    /// <inheritdoc/>
    internal override int? Count => null;

    /// <summary>Opens a table whose videos go into the shards.</summary>
    /// <param name="table">The CSV file.</param>
    /// <param name="videos">The folder of the videos.</param>
    /// <returns>The rows with their videos.</returns>
    /// <exception cref="StorageException">The table or the folder does not exist.</exception>
    /// <exception cref="SampleDecodeException">The table lacks a column.</exception>
    public static WebVidTable Open(string table, string videos) => Open(table, videos, null);

    /// <summary>Opens a table whose videos stay files.</summary>
    /// <param name="table">The CSV file.</param>
    /// <param name="videos">The folder of the videos.</param>
    /// <param name="extra">The local folder that videos are copied to. A video that is there already is left; another file in its place
    /// stops the conversion.</param>
    /// <param name="overwrite">Whether other files in the places of videos are replaced.</param>
    /// <returns>The rows with their videos.</returns>
    /// <exception cref="ArgumentException"><paramref name="extra"/> is a URL, or the folder of the videos.</exception>
    /// <exception cref="StorageException">The table or the folder does not exist.</exception>
    /// <exception cref="SampleDecodeException">The table lacks a column.</exception>
    public static WebVidTable OpenOutside(string table, string videos, string extra, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(videos);
        ArgumentException.ThrowIfNullOrEmpty(extra);
        var folder = new VideoFolder(extra, overwrite);
        return folder.Directory == Path.GetFullPath(videos)
            ? throw new ArgumentException($"Videos cannot be copied from '{videos}' to itself. Name another folder.", nameof(extra))
            : Open(table, videos, folder);
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        _file.AppendIdentity(append);
        append(_extra?.Directory ?? "");
    }

    /// <inheritdoc/>
    internal override IAsyncEnumerable<RawItem> EnumerateAsync(int first, CancellationToken cancellationToken) =>
        LineItems.EnumerateRecords(_file, first, static line => line.IsEmpty, CsvRecord.IsOpen, passed: 1).ToAsyncEnumerable();

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new WebVidReader(_file, _header, Videos, _extra);

    private static WebVidTable Open(string table, string videos, VideoFolder? extra)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ArgumentException.ThrowIfNullOrEmpty(videos);
        var (path, folder) = (Path.GetFullPath(table), Path.GetFullPath(videos));
        if (!Directory.Exists(folder))
        {
            throw new StorageException(StorageErrorKind.NotFound, folder, $"There is no folder of videos '{folder}'.");
        }

        var header = ReadHeader(path);
        var missing = WebVidReader.Names.FirstOrDefault(name => name != PageIdx && !header.Contains(name));
        return missing is null
            ? new WebVidTable(path, FileSet.Of(path), header, folder, extra)
            : throw new SampleDecodeException(
                new ShardLocation(path), -1, $"line 1: the table has no column '{missing}', only {string.Join(", ", header)}.");
    }

    private static ImmutableArray<string> ReadHeader(string path)
    {
        using var lines = LineReader.Open(path, LineItems.LongestLine);
        try
        {
            return lines.TryRead(out var line) ? [.. CsvRecord.Parse(line.Span)] : [];
        }
        catch (InvalidDataException exception)
        {
            throw new SampleDecodeException(new ShardLocation(path), -1, $"line 1: {exception.Message}", exception);
        }
    }
}
