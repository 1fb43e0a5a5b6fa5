// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming;

/// <summary>A number of samples.</summary>
/// <param name="Samples">The number.</param>
public readonly record struct SampleCount(long Samples)
{
    /// <summary>Converts a number of samples.</summary>
    /// <param name="samples">The number.</param>
    public static implicit operator SampleCount(long samples) => new(samples);

    /// <summary>Reads a count as upstream writes it: digits, or a number with <c>k</c>, <c>m</c>, <c>b</c> or <c>t</c>, which stand for
    /// 10³, 10⁶, 10⁹ and 10¹². Case and outer white space do not matter.</summary>
    /// <param name="text">The text, for example <c>1.5m</c>.</param>
    /// <returns>The count; fractions are dropped.</returns>
    /// <exception cref="FormatException">The text is not a count.</exception>
    /// <exception cref="OverflowException">The count does not fit.</exception>
    /// <remarks>Mirrors <c>streaming.base.util.number_abbrev_to_int(abbrev_str)</c>.</remarks>
    public static SampleCount Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!NumberAbbreviation.TryParseCount(text, out var samples))
        {
            throw new FormatException($"'{text}' is not a count. Write digits, or a number with one of {NumberAbbreviation.CountUnits}.");
        }

        return samples <= long.MaxValue && samples >= long.MinValue
            ? new SampleCount((long)samples)
            : throw new OverflowException($"'{text}' is more samples than a count of 64 bits can be.");
    }

    /// <summary>Renders the count in digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Samples.ToString(CultureInfo.InvariantCulture);
}
