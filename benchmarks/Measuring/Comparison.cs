// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Benchmarks;

/// <summary>Rates that are measured turn by turn, so that a noisy machine is as noisy for all of them: ours, upstream's, and what the
/// machine itself can do with the same bytes.</summary>
internal sealed class Comparison(string workload, string unit)
{
    /// <summary>The rounds that count; one before them warms up.</summary>
    public const int Rounds = 5;

    private readonly List<(string What, Func<double> Measure, Role Role)> _entries = [];

    private enum Role
    {
        Ours,
        Upstream,
        Limit,
    }

    /// <summary>Prints the head of a table of comparisons.</summary>
    public static void PrintHead(string preface)
    {
        Console.WriteLine($"{preface} Medians of {Rounds} interleaved rounds after one to warm up, and their range; "
            + $"{Environment.ProcessorCount} processors, .NET {Environment.Version}.");
        Console.WriteLine();
        Console.WriteLine("| workload | what | rate | unit | of upstream | of the limit |");
        Console.WriteLine("|---|---|---|---|---|---|");
    }

    /// <summary>Adds what is compared with the others.</summary>
    public Comparison Add(string what, Func<double> measure) => Add(what, measure, Role.Ours);

    /// <summary>Adds upstream's rate, if there is one.</summary>
    public Comparison AddUpstream(string what, Func<double>? measure) => measure is null ? this : Add(what, measure, Role.Upstream);

    /// <summary>Adds what the machine can do; the first one counts.</summary>
    public Comparison AddLimit(string what, Func<double> measure) => Add(what, measure, Role.Limit);

    /// <summary>Measures and prints the rows.</summary>
    public void Run()
    {
        var rounds = Enumerable.Range(0, Rounds + 1).Select(_ => _entries.Select(static entry => entry.Measure()).ToArray()).Skip(1).ToArray();
        var series = _entries.Select((_, i) => new Series(rounds.Select(round => round[i]))).ToArray();
        var upstream = MedianOf(Role.Upstream);
        var limit = MedianOf(Role.Limit);
        for (var i = 0; i < series.Length; i++)
        {
            var ratio = _entries[i].Role == Role.Ours && upstream is { } other
                ? string.Create(CultureInfo.InvariantCulture, $"{series[i].Median / other:N1}×") : string.Empty;
            var share = _entries[i].Role != Role.Limit && limit is { } most
                ? string.Create(CultureInfo.InvariantCulture, $"{100 * series[i].Median / most:N1} %") : string.Empty;
            Console.WriteLine($"| {workload} | {_entries[i].What} | {series[i]} | {unit} | {ratio} | {share} |");
        }

        double? MedianOf(Role role) =>
            _entries.FindIndex(entry => entry.Role == role) is >= 0 and var i ? series[i].Median : null;
    }

    private Comparison Add(string what, Func<double> measure, Role role)
    {
        _entries.Add((what, measure, role));
        return this;
    }
}
