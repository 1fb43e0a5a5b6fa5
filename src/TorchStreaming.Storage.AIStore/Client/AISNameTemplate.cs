// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;

namespace TorchStreaming.Storage;

/// <summary>Expands names with ranges in braces, such as <c>shard-{0000..0002..2}-{1..2}.tar</c>: numbers are padded as the first one is,
/// the rightmost range runs fastest.</summary>
internal static partial class AISNameTemplate
{
    private const int MaxNames = 10_000_000;

    public static List<string> Expand(string template)
    {
        ArgumentException.ThrowIfNullOrEmpty(template);
        var names = new List<string> { "" };
        var position = 0;
        foreach (Match match in Range().Matches(template))
        {
            var text = Literal(template[position..match.Index], template);
            var numbers = Numbers(match, template);
            if ((long)names.Count * numbers.Count > MaxNames)
            {
                throw new ArgumentException($"'{template}' names more than {MaxNames} objects.", nameof(template));
            }

            names = [.. from name in names from number in numbers select name + text + number];
            position = match.Index + match.Length;
        }

        var end = Literal(template[position..], template);
        return names.ConvertAll(name => name + end);
    }

    private static string Literal(string text, string template) => text.AsSpan().ContainsAny('{', '}')
        ? throw new ArgumentException($"'{template}' has braces that hold no range such as {{0000..0099}} or {{0..10..2}}.", nameof(template))
        : text;

    private static List<string> Numbers(Match match, string template)
    {
        var first = match.Groups["first"].Value;
        var (start, end) = (Parse(first), Parse(match.Groups["last"].Value));
        var step = match.Groups["step"].Success ? Parse(match.Groups["step"].Value) : 1;
        if (end < start || step < 1 || (end - start) / step >= MaxNames)
        {
            throw new ArgumentException($"The range '{match.Value}' of '{template}' is empty, too long or has no step.", nameof(template));
        }

        var numbers = new List<string>();
        for (var number = start; number <= end; number += step)
        {
            numbers.Add(number.ToString(CultureInfo.InvariantCulture).PadLeft(first.Length, '0'));
        }

        return numbers;
    }

    private static long Parse(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<first>\d{1,15})\.\.(?<last>\d{1,15})(\.\.(?<step>\d{1,15}))?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
