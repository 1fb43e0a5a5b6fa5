// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Benchmarks;

/// <summary>What several rounds measured.</summary>
internal sealed class Series(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Median => _sorted[_sorted.Length / 2];

    /// <summary>Formats the median and the range, with thousands and three digits where numbers are small.</summary>
    public override string ToString()
    {
        var format = Median switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({_sorted[0].ToString(format, CultureInfo.InvariantCulture)} to {_sorted[^1].ToString(format, CultureInfo.InvariantCulture)})");
    }
}
