// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Reads shards of JSON objects, one per line. A field is the JSON text of its value.</summary>
/// <remarks>Lines are flat objects of strings and numbers, so columns are found by walking over the text once. Of two equal keys the last
/// one counts, as in Python.</remarks>
internal sealed class JsonlShardReader : SplitShardReader
{
    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\n\r"u8);

    private static readonly SearchValues<byte> ValueEnds = SearchValues.Create(",} \t\n\r"u8);

    private readonly ImmutableArray<byte[]> _names;

    public JsonlShardReader(ShardInfo info, IReadOnlyList<string> paths)
        : base(info, paths) =>
        _names = [.. info.Schema.Columns.Select(static column => Encoding.UTF8.GetBytes(column.Name))];

    /// <inheritdoc/>
    protected override string? Locate(ReadOnlySpan<byte> sample, Span<FieldRange> ranges)
    {
        ranges.Fill(new FieldRange(-1, 0));
        var at = SkipSpace(sample, 0);
        if (!TryTake(sample, ref at, (byte)'{'))
        {
            return "the line is not a JSON object.";
        }

        at = SkipSpace(sample, at);
        while (at < sample.Length && sample[at] == '"')
        {
            if (!TryReadProperty(sample, ref at, ranges))
            {
                return $"the line is not a flat JSON object; something is wrong near its byte {at}.";
            }

            if (!TryTake(sample, ref at, (byte)','))
            {
                break;
            }

            at = SkipSpace(sample, at);
        }

        if (!TryTake(sample, ref at, (byte)'}') || SkipSpace(sample, at) != sample.Length)
        {
            return $"the line is not a flat JSON object; something is wrong near its byte {at}.";
        }

        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i].Offset < 0)
            {
                return $"the line has no value for the column '{Schema.Columns[i].Name}'.";
            }
        }

        return null;
    }

    private bool TryReadProperty(ReadOnlySpan<byte> sample, ref int at, Span<FieldRange> ranges)
    {
        var nameStart = at;
        if (!TrySkipString(sample, ref at))
        {
            return false;
        }

        var column = FindColumn(sample[nameStart..at]);
        at = SkipSpace(sample, at);
        if (!TryTake(sample, ref at, (byte)':'))
        {
            return false;
        }

        at = SkipSpace(sample, at);
        var valueStart = at;
        if (at < sample.Length && sample[at] == '"')
        {
            if (!TrySkipString(sample, ref at))
            {
                return false;
            }
        }
        else
        {
            var length = sample[at..].IndexOfAny(ValueEnds);
            if (length <= 0 || sample[at] is (byte)'{' or (byte)'[')
            {
                return false;
            }

            at += length;
        }

        if (column >= 0)
        {
            ranges[column] = new FieldRange(valueStart, at - valueStart);
        }

        at = SkipSpace(sample, at);
        return true;
    }

    private int FindColumn(ReadOnlySpan<byte> quoted)
    {
        var name = quoted[1..^1];
        if (name.Contains((byte)'\\'))
        {
            try
            {
                return PythonJsonReader.Parse(quoted) is { } text ? Schema.IndexOf(text.GetValue<string>()) : -1;
            }
            catch (InvalidDataException)
            {
                return -1;
            }
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Goes from an opening quote after the closing one.</summary>
    private static bool TrySkipString(ReadOnlySpan<byte> sample, ref int at)
    {
        at++;
        while (true)
        {
            var length = sample[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0 || (sample[at + length] == '\\' && at + length + 2 > sample.Length))
            {
                return false;
            }

            var isEnd = sample[at + length] == '"';
            at += length + (isEnd ? 1 : 2);
            if (isEnd)
            {
                return true;
            }
        }
    }

    private static bool TryTake(ReadOnlySpan<byte> sample, ref int at, byte wanted)
    {
        if (at >= sample.Length || sample[at] != wanted)
        {
            return false;
        }

        at++;
        return true;
    }

    private static int SkipSpace(ReadOnlySpan<byte> sample, int at)
    {
        var length = sample[at..].IndexOfAnyExcept(Space);
        return length < 0 ? sample.Length : at + length;
    }
}
