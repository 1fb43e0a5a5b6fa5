// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;

namespace TorchStreaming.Shards;

/// <summary>Names with braces, as WebDataset and the shells write them: <c>train-{000000..000146}.tar</c>, <c>{train,val}-{0..9}.tar</c>,
/// <c>x-{00..90..10}.tar</c>.</summary>
internal static class BracePattern
{
    /// <summary>The most names that one pattern may stand for.</summary>
    public const int Limit = 10_000_000;

    /// <summary>Writes a pattern out; the rightmost braces change fastest.</summary>
    /// <param name="pattern">The pattern, or a name without braces.</param>
    /// <returns>The names.</returns>
    /// <exception cref="ArgumentException">Braces do not close, a range makes no sense, or there are more than <see cref="Limit"/>
    /// names.</exception>
    public static ImmutableArray<string> Expand(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        List<string> names = [""];
        var at = 0;
        while (at < pattern.Length)
        {
            var open = pattern.IndexOf('{', at);
            var text = pattern[at..(open < 0 ? pattern.Length : open)];
            if (text.Contains('}', StringComparison.Ordinal))
            {
                throw Wrong(pattern, "a brace closes that was not opened");
            }

            if (open < 0)
            {
                return [.. names.Select(name => name + text)];
            }

            var close = pattern.IndexOf('}', open);
            if (close < 0 || pattern.IndexOf('{', open + 1) is var nested and >= 0 && nested < close)
            {
                throw Wrong(pattern, close < 0 ? "a brace does not close" : "braces are in each other");
            }

            var choices = Choices(pattern, pattern[(open + 1)..close]);
            if ((long)names.Count * choices.Count > Limit)
            {
                throw Wrong(pattern, $"it stands for more than {Limit} names");
            }

            names = [.. names.SelectMany(name => choices.Select(choice => name + text + choice))];
            at = close + 1;
        }

        return [.. names];
    }

    private static List<string> Choices(string pattern, string inner)
    {
        var bounds = inner.Split("..");
        if (bounds.Length == 1)
        {
            return [.. inner.Split(',')];
        }

        var step = 1L;
        if (bounds.Length > 3
            || !TryParse(bounds[0], out var first)
            || !TryParse(bounds[1], out var last)
            || (bounds.Length == 3 && (!TryParse(bounds[2], out step) || step == 0)))
        {
            throw Wrong(pattern, $"'{{{inner}}}' is no range of numbers");
        }

        var count = (Math.Abs(last - first) / step) + 1;
        if (count > Limit)
        {
            throw Wrong(pattern, $"it stands for more than {Limit} names");
        }

        // As in the shells, a leading zero in either bound pads all numbers to the longer one.
        var pads = IsPadded(bounds[0]) || IsPadded(bounds[1]);
        var format = $"D{(pads ? Math.Max(bounds[0].Length, bounds[1].Length) : 1)}";
        var choices = new List<string>((int)count);
        for (var i = 0L; i < count; i++)
        {
            choices.Add((first + (first <= last ? i * step : -i * step)).ToString(format, CultureInfo.InvariantCulture));
        }

        return choices;
    }

    private static bool IsPadded(string text) => text.Length > 1 && text[0] == '0';

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue;

    private static ArgumentException Wrong(string pattern, string problem) =>
        new($"The pattern '{pattern}' cannot be written out: {problem}.", nameof(pattern));
}
