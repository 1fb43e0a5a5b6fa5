// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Reads shards of separated values, one sample per line. Nothing is quoted or escaped; surplus fields are passed over.</summary>
internal sealed class XsvShardReader : SplitShardReader
{
    private readonly byte[] _separator;
    private readonly byte[] _newline;

    public XsvShardReader(ShardInfo info, IReadOnlyList<string> paths)
        : base(info, paths)
    {
        _separator = Encoding.UTF8.GetBytes(XsvFormat.GetSeparator(info.Schema));
        _newline = Encoding.UTF8.GetBytes(info.Schema.Newline!);
    }

    /// <inheritdoc/>
    protected override string? Locate(ReadOnlySpan<byte> sample, Span<FieldRange> ranges)
    {
        if (!sample.EndsWith(_newline))
        {
            return "the line does not end with the line break of its dataset. The offsets are damaged.";
        }

        var line = sample[..^_newline.Length];
        var start = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            if (start > line.Length)
            {
                return $"the line has {i} fields, too few for {ranges.Length} columns.";
            }

            var length = line[start..].IndexOf(_separator);
            length = length < 0 ? line.Length - start : length;
            ranges[i] = new FieldRange(start, length);

            // After the last field this is past the end, by which the next turn knows.
            start += length + _separator.Length;
        }

        return null;
    }
}
