// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>A link that does not exist.</summary>
/// <param name="Latency">How long a request goes without its first byte.</param>
/// <param name="Bandwidth">The bytes a second of all answers together.</param>
/// <param name="FaultPercent">How many of a hundred requests fail, half of them with 503, half by a body that stops midway.</param>
internal sealed record LinkProfile(TimeSpan Latency, double Bandwidth, double FaultPercent)
{
    public static readonly LinkProfile[] All =
    [
        new(TimeSpan.Zero, 2e9, 0),
        new(TimeSpan.FromMilliseconds(50), 200e6, 0),
        new(TimeSpan.FromMilliseconds(100), 500e6, 0),
        new(TimeSpan.FromMilliseconds(50), 200e6, 1),
        new(TimeSpan.FromMilliseconds(100), 500e6, 1),
    ];

    public string[] Arguments =>
    [
        Latency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        Bandwidth.ToString(CultureInfo.InvariantCulture),
        FaultPercent.ToString(CultureInfo.InvariantCulture),
    ];

    public static LinkProfile Parse(string milliseconds, string bandwidth, string faults) => new(
        TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture)),
        double.Parse(bandwidth, CultureInfo.InvariantCulture),
        double.Parse(faults, CultureInfo.InvariantCulture));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Latency.TotalMilliseconds} ms, {Bandwidth / 1e6:F0} MB/s{(FaultPercent > 0 ? $", {FaultPercent} % faults" : "")}");
}
