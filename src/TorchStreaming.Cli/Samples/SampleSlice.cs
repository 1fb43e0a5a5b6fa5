// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;

namespace TorchStreaming.Cli;

/// <summary>The samples that a command line names: some by number, or a run of them as Python slices. Negative numbers count from the
/// end.</summary>
/// <param name="Start">The first sample, or <see langword="null"/> for the very first.</param>
/// <param name="End">The sample after the last, or <see langword="null"/> for the end.</param>
internal sealed record SampleSlice(long? Start, long? End)
{
    /// <summary>Reads a run such as <c>10:20</c>, <c>:5</c> or <c>-3:</c>.</summary>
    public static SampleSlice? TryParse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && TryParseEnd(text.AsSpan(0, colon), out var start) && TryParseEnd(text.AsSpan(colon + 1), out var end)
            ? new SampleSlice(start, end)
            : null;
    }

    /// <summary>Finds the samples of the run. What is beyond the dataset is left out, as in Python.</summary>
    /// <param name="count">The number of samples there are.</param>
    public IEnumerable<long> Apply(long count)
    {
        var end = Clamp(End ?? count, count);
        for (var id = Clamp(Start ?? 0, count); id < end; id++)
        {
            yield return id;
        }
    }

    /// <summary>Picks samples evenly over the whole dataset, in their order.</summary>
    /// <param name="wanted">How many, at least 1; fewer where there are fewer.</param>
    /// <param name="count">The number of samples there are.</param>
    public static IEnumerable<long> Spread(int wanted, long count)
    {
        var picked = Math.Min(wanted, count);
        for (var i = 0L; i < picked; i++)
        {
            yield return (long)((Int128)i * count / picked);
        }
    }

    /// <summary>Finds samples by number.</summary>
    /// <param name="ids">The numbers.</param>
    /// <param name="count">The number of samples there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public static IReadOnlyList<long> Resolve(ImmutableArray<long> ids, long count) => [.. ids.Select(id => Resolve(id, count))];

    private static long Resolve(long id, long count) => id >= -count && id < count
        ? id < 0 ? id + count : id
        : throw new ArgumentOutOfRangeException(
            null, string.Create(CultureInfo.InvariantCulture,
                $"There is no sample {id}: the dataset has {count:N0} samples, from 0 to {count - 1}."));

    private static long Clamp(long position, long count) => Math.Clamp(position < 0 ? position + count : position, 0, count);

    private static bool TryParseEnd(ReadOnlySpan<char> text, out long? end)
    {
        end = null;
        if (text.IsEmpty)
        {
            return true;
        }

        var parsed = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        end = number;
        return parsed;
    }
}
