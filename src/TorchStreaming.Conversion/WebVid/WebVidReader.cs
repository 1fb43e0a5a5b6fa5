// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads rows of WebVid's table with their videos, and copies those that are to be outside the shards. One thread at a
/// time.</summary>
internal sealed partial class WebVidReader : RawReader
{
    private readonly FileSet _table;
    private readonly int _fields;
    private readonly int[] _places;
    private readonly string _videos;
    private readonly VideoFolder? _extra;

    /// <summary>Creates the reader.</summary>
    /// <param name="table">The table.</param>
    /// <param name="header">The names of its columns.</param>
    /// <param name="videos">The folder of the videos.</param>
    /// <param name="extra">The folder to copy them to, or <see langword="null"/> when they go into the samples.</param>
    public WebVidReader(FileSet table, ImmutableArray<string> header, string videos, VideoFolder? extra)
    {
        _table = table;
        _fields = header.Length;
        _places = [.. Names.Select(name => header.IndexOf(name))];
        _videos = videos;
        _extra = extra;
    }

    /// <summary>Gets the columns of the table that are stored, sorted.</summary>
    public static ImmutableArray<string> Names { get; } = ["contentUrl", "duration", "name", "page_dir", "page_idx", "videoid"];

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var row = (RawLine)item.Part!;
        try
        {
            var fields = CsvRecord.Parse(row.Bytes.Span);
            return fields.Count == _fields
                ? Read(item.Number, [.. _places.Select(place => place < 0 ? "" : fields[place])])
                : throw new InvalidDataException($"The row has {fields.Count} fields, not {_fields}.");
        }
        catch (InvalidDataException exception)
        {
            return RawSample.Refuse(_table.Refuse(row, $"line {row.Number}", exception.Message));
        }
    }

    private RawSample Read(int number, string[] fields)
    {
        var duration = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(duration, ParseDuration(fields[1]));
        var (path, size) = FindVideo(pageDirectory: fields[3], id: fields[5]);
        var video = RawFile.Read(path, size);
        try
        {
            ReadOnlyMemory<byte> content = video.AsMemory(0, size);
            if (_extra is null)
            {
                return RawSample.Pack(
                    WebVidColumns.Inside, content, Text(fields[0]), duration, Text(fields[2]), Text(fields[3]), Text(fields[4]), Text(fields[5]));
            }

            var name = WebVidColumns.PathOf(number);
            _extra.Write(name, content.Span);
            return RawSample.Pack(
                WebVidColumns.Outside, Text(fields[0]), Text(name), duration, Text(fields[2]), Text(fields[3]), Text(fields[4]), Text(fields[5]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(video);
        }
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);

    private static long ParseDuration(string text)
    {
        if (Duration().Match(text) is not { Success: true } match)
        {
            throw new InvalidDataException($"The duration is '{text}', where one such as PT00H01M30S is expected.");
        }

        return (3600 * Number("hours")) + (60 * Number("minutes")) + Number("seconds");

        long Number(string name) => long.Parse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private (string Path, int Size) FindVideo(string pageDirectory, string id)
    {
        string[] names = [$"{pageDirectory}/{id}.mp4", $"{id}.mp4"];
        foreach (var name in names)
        {
            // Names in tables come from strangers.
            if (!ShardPaths.IsInside(name))
            {
                continue;
            }

            var file = new FileInfo(Path.Combine(_videos, name.Replace('/', Path.DirectorySeparatorChar)));
            if (file.Exists)
            {
                return RawFile.FindProblem(file.Length) is { } problem
                    ? throw new InvalidDataException($"'{file.FullName}': {problem}")
                    : (file.FullName, (int)file.Length);
            }
        }

        throw new InvalidDataException($"The video is missing: there is neither '{names[0]}' nor '{names[1]}' in '{_videos}'.");
    }

    [GeneratedRegex("^PT(?<hours>[0-9]{2})H(?<minutes>[0-9]{2})M(?<seconds>[0-9]{2})S$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
