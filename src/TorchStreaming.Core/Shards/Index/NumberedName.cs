// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>What the names of one kind of file share: all but the shard's number, as in <c>part-3/shard.*.mds.zstd</c>.</summary>
internal sealed record NumberedName(string Prefix, string Suffix)
{
    private const string Stem = "shard.";
    private const int LeastDigits = 5;
    private const int MostDigits = 9;

    /// <summary>Takes a name apart.</summary>
    /// <returns>The parts, or <see langword="null"/> when it has no number as writers give them.</returns>
    public static NumberedName? TryParse(string basename, out int number)
    {
        number = 0;
        var start = basename.LastIndexOf(Stem, StringComparison.Ordinal) + Stem.Length;
        if (start < Stem.Length)
        {
            return null;
        }

        var end = start;
        while (end < basename.Length && char.IsAsciiDigit(basename[end]))
        {
            end++;
        }

        return TryParseNumber(basename.AsSpan(start, end - start), out number) ? new NumberedName(basename[..start], basename[end..]) : null;
    }

    /// <summary>Gets the number of a name that has these parts.</summary>
    public bool TryMatch(string basename, out int number)
    {
        number = 0;
        var digits = basename.Length - Prefix.Length - Suffix.Length;
        return digits >= LeastDigits
            && basename.StartsWith(Prefix, StringComparison.Ordinal)
            && basename.EndsWith(Suffix, StringComparison.Ordinal)
            && TryParseNumber(basename.AsSpan(Prefix.Length, digits), out number);
    }

    /// <summary>Gets the bytes before and after the number.</summary>
    public (int Prefix, int Suffix) GetUtf8Lengths() => (Encoding.UTF8.GetByteCount(Prefix), Encoding.UTF8.GetByteCount(Suffix));

    /// <summary>Tells whether digits are a number that <see cref="Format"/> would write again as it is.</summary>
    public static bool IsNumber(int digits, bool hasLeadingZero) =>
        digits is >= LeastDigits and <= MostDigits && (digits == LeastDigits || !hasLeadingZero);

    /// <summary>Makes the name of a shard's file.</summary>
    public string Format(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D5}{Suffix}");

    /// <summary>Reads a number that <see cref="Format"/> would write again as it is.</summary>
    private static bool TryParseNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return IsNumber(digits.Length, digits is ['0', ..])
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
