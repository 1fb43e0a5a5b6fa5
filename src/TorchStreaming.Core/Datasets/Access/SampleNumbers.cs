// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Loading;

namespace TorchStreaming.Datasets;

/// <summary>Which samples are read, in which order: an even walk over the dataset or a list. Numbers count from 0.</summary>
internal readonly struct SampleNumbers
{
    private readonly long[]? _list;
    private readonly long _start;
    private readonly long _step;

    private SampleNumbers(long[]? list, long start, long step, long count)
    {
        _list = list;
        _start = start;
        _step = step;
        Count = count;
    }

    /// <summary>Gets how many samples are read.</summary>
    public long Count { get; }

    /// <summary>Gets the number of the sample at a place of the walk.</summary>
    public long this[long place] => _list is null ? _start + place * _step : _list[place];

    /// <summary>Counts an index from the beginning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public static long Resolve(long index, long size, string parameter)
    {
        var number = index < 0 ? index + size : index;
        return number >= 0 && number < size
            ? number
            : throw new ArgumentOutOfRangeException(
                parameter, index, $"The dataset has the samples 0 to {size - 1}, or {-size} to -1 from the end.");
    }

    /// <summary>Makes a list, each index of it counted from the beginning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public static SampleNumbers List(ReadOnlySpan<long> indexes, long size, string parameter)
    {
        var list = new long[indexes.Length];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = Resolve(indexes[i], size, parameter);
        }

        return new SampleNumbers(list, 0, 0, list.Length);
    }

    /// <summary>Makes the walk of a range, which is within the dataset as C# wants it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An end is outside, or the ends are in the wrong order.</exception>
    public static SampleNumbers Range(Range range, long size, string parameter)
    {
        var start = FromStart(range.Start, size);
        var end = FromStart(range.End, size);
        return start >= 0 && start <= end && end <= size
            ? new SampleNumbers(null, start, 1, end - start)
            : throw new ArgumentOutOfRangeException(
                parameter,
                range,
                string.Create(CultureInfo.InvariantCulture, $"The range is not within the dataset's {size} samples. ")
                + "Slice takes ends that are outside.");
    }

    /// <summary>Makes the walk of a Python slice: ends outside the dataset stand for its ends.</summary>
    public static SampleNumbers Slice(long? start, long? stop, long step, long size)
    {
        // Where a walk may stop: before the first sample only if it goes down.
        var (low, high) = step > 0 ? (0, size) : (-1, size - 1);
        var first = Clamp(start, step > 0 ? low : high);
        var last = Clamp(stop, step > 0 ? high : low);
        var distance = step > 0 ? last - first : first - last;

        // Unsigned, since the minimum step has no positive counterpart.
        var stride = step > 0 ? (ulong)step : 0 - (ulong)step;
        var count = distance <= 0 ? 0 : (long)(((ulong)distance - 1) / stride) + 1;
        return new SampleNumbers(null, first, step, count);

        long Clamp(long? index, long absent) =>
            index is not { } given ? absent : Math.Clamp(given < 0 ? given + size : given, low, high);
    }

    private static long FromStart(Index index, long size) => index.IsFromEnd ? size - index.Value : index.Value;
}
