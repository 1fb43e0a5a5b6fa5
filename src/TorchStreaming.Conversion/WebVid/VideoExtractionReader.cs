// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Writes the videos of samples as files and puts their paths in their places. One thread at a time.</summary>
internal sealed class VideoExtractionReader : RawReader
{
    private readonly ImmutableArray<ShardColumn> _columns;
    private readonly VideoFolder _extra;
    private readonly int _content;
    private readonly int[] _sources;
    private readonly ReadOnlyMemory<byte>[] _values;

    /// <summary>Creates the reader.</summary>
    /// <param name="source">The columns with the video.</param>
    /// <param name="columns">The columns with its path.</param>
    /// <param name="extra">The folder of the videos.</param>
    public VideoExtractionReader(ShardSchema source, ImmutableArray<ShardColumn> columns, VideoFolder extra)
    {
        _columns = columns;
        _extra = extra;
        _content = source.IndexOf(WebVidColumns.Content);
        _sources = [.. columns.Select(column => source.IndexOf(column.Name))];
        _values = new ReadOnlyMemory<byte>[columns.Length];
    }

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var fields = ((VideoSample)item.Part!).Fields;
        var path = WebVidColumns.PathOf(item.Number);
        _extra.Write(path, fields[_content].Span);
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = _sources[i] < 0 ? Encoding.UTF8.GetBytes(path) : fields[_sources[i]];
        }

        return RawSample.Pack(_columns, _values);
    }
}
