// SPDX-License-Identifier: MIT

using System.CommandLine;
using Spectre.Console;
using TorchStreaming.Ordering;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming plan</c>: an epoch on machines that nobody has paid for yet.</summary>
internal sealed class PlanCommand : ToolCommand
{
    private readonly Argument<string?> _location = new("location")
    {
        Description = "The folder or URL that holds index.json; left out where --samples makes a dataset up.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly SplitOption _split = new();
    private readonly PlanDataOptions _data = new();
    private readonly PlanMachineOptions _machines = new();
    private readonly PlanOrderOptions _order = new();

    private readonly Option<bool> _quality = new("--quality") { Description = "Measure how well the order shuffles over the whole epoch instead of judging by its beginning; takes up to a minute." };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw downloads, cache and throughput over time to this SVG file.",
        HelpName = "file",
    };

    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public PlanCommand(ToolConsole console)
        : base("plan", "Simulates an epoch: waiting, downloads, cache size and throughput for machines, links and limits of your choice.", console)
    {
        Add(_location);
        Add(_split);
        _data.AddTo(this);
        _machines.AddTo(this);
        _order.AddTo(this);
        Add(_quality);
        Add(_plot);
        Add(_json);
        Validators.Add(result =>
        {
            if (result.GetValue(_location) is null == (result.GetResult(_data.Samples) is null))
            {
                result.AddError("Name a dataset, or make one up with --samples; one of the two.");
            }
        });
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "plan s3://bucket/imagenet --split train --nodes 4 --ranks 8 --batch-size 256 --step-time 180 --bandwidth 500mb --latency 50ms --cache-limit 100gb",
        "plan --samples 1b --sample-size 100kb --nodes 16 --ranks 8 --batch-size 64 --step-time 100 --bandwidth 1gb --plot plan.svg",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var data = parsed.GetValue(_location) is { } location
            ? await ReadAsync(location, parsed.GetValue(_split), cancellationToken).ConfigureAwait(false)
            : _data.Imagine(parsed);
        var run = _machines.Apply(parsed, new TrainingRun
        {
            Order = _order.Create(parsed, data.Samples),
            ShardBytes = data.Bytes,
            DownloadBytes = data.Downloads,
            FindableSamples = data.FindableSamples,
            StepTime = TimeSpan.Zero,
            BytesPerSecond = 1,
        });
        var planned = await Task.Run(() => PlannedRun.Read(run, cancellationToken), cancellationToken).ConfigureAwait(false);
        var result = planned.Simulate(run, cancellationToken);
        var advice = new PlanAdvice(planned, run, result).Give(cancellationToken).ToList();
        var quality = parsed.GetValue(_quality) ? OrderQuality.Measure(new SampleOrder(run.Order)) : null;
        var report = new PlanReport(run, result, quality, advice);
        if (parsed.GetValue(_plot) is { } plot)
        {
            await File.WriteAllTextAsync(plot, report.ToPlot(), cancellationToken).ConfigureAwait(false);
            Console.Say(plot);
        }

        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(Console.Output, report.ToDocument(), DocumentContext.Default.PlanDocument);
            return ExitCodes.Success;
        }

        foreach (var (name, text) in report.ToFacts())
        {
            Console.Tables.Write($"{name,-13}", new Style(decoration: Decoration.Dim));
            Console.Tables.WriteLine(text);
        }

        foreach (var line in advice)
        {
            Console.Output.WriteLine(line);
        }

        return ExitCodes.Success;
    }

    private static async Task<PlannedData> ReadAsync(string location, string? split, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(location, split, cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        return PlannedData.Of(dataset.Index);
    }
}
