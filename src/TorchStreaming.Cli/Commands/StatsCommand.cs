// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming stats</c>: what the values of a dataset are like.</summary>
internal sealed class StatsCommand : ToolCommand
{
    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();

    private readonly Option<int?> _samples = new("--samples")
    {
        Description = "How many samples to look at, evenly spread over the dataset. Default: 1000.",
        HelpName = "count",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw the histograms of sizes, numbers and classes to this SVG file.",
        HelpName = "file",
    };

    private readonly CacheOption _cache = new();
    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public StatsCommand(ToolConsole console)
        : base("stats", "Measures the values of each column: sizes, numbers, classes, image sizes, and mean and std of the channels.", console)
    {
        Add(_location);
        Add(_split);
        Add(_samples);
        Add(_plot);
        Add(_cache);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["stats shapes-mds", "stats /data/imagenet-mds --split train --samples 10000 --plot imagenet.svg", "stats shapes-mds --json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(
            parsed.GetRequiredValue(_location), parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var reader = await SampleReader.OpenAsync(dataset, parsed.GetValue(_cache), cancellationToken).ConfigureAwait(false);
        await using var closingReader = reader.ConfigureAwait(false);
        long[] ids = [.. SampleSlice.Spread(parsed.GetValue(_samples) ?? 1000, dataset.Index.SampleCount)];
        var columns = await MeasureAsync(reader, ids, cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(_plot) is { } plot)
        {
            var panels = columns.SelectMany(Panels).ToArray();
            await File.WriteAllTextAsync(plot, HistogramSheet.Draw(panels), cancellationToken).ConfigureAwait(false);
            Console.Say($"{plot}: {Counted.Of(panels.Length, "histogram")}");
        }

        var report = new StatsReport(ids.Length, dataset.Index.SampleCount, columns);
        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(Console.Output, report.ToDocument(), DocumentContext.Default.StatsDocument);
        }
        else
        {
            Console.Tables.Write(report.ToTable());
            Console.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"measured on {ids.Length:N0} of {Counted.Of(dataset.Index.SampleCount, "sample")}"));
        }

        return ExitCodes.Success;
    }

    private static async Task<List<ColumnSummary>> MeasureAsync(SampleReader reader, long[] ids, CancellationToken cancellationToken)
    {
        using var decoder = new FieldDecoder();
        using var survey = new PixelSurvey();
        var columns = new List<ColumnSummary>();
        string? images = null;
        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (shard, index) = await reader.LocateAsync(id, cancellationToken).ConfigureAwait(false);
            if (columns.Count == 0)
            {
                images = ImageColumns.Find(shard.Reader, index);
            }

            for (var column = 0; column < shard.Reader.Schema.Columns.Length; column++)
            {
                var known = shard.Reader.Schema.Columns[column];
                var summary = columns.Find(summary => summary.Column.Name == known.Name);
                if (summary is null)
                {
                    columns.Add(summary = new ColumnSummary(known));
                }

                Add(shard.Reader, index, column, decoder, known.Name == images ? survey : null, summary);
            }
        }

        return columns;
    }

    private static void Add(
        ShardReader shard, int index, int column, FieldDecoder decoder, PixelSurvey? survey, ColumnSummary summary)
    {
        var encoded = shard.GetSample(index, new FieldRange[shard.Schema.Columns.Length])[column];
        survey?.Add(encoded, summary);
        summary.Add(encoded.Length, decoder.Decode(shard, index, column));
    }

    private static IEnumerable<(string, Histogram)> Panels(ColumnSummary column)
    {
        var name = column.Column.Name;
        if (column.Numbers.Count > 0)
        {
            yield return ($"{name}: values", Histogram.Of(column.AllNumbers));
        }
        else if (column.Lengths.Count > 0)
        {
            yield return ($"{name}: elements", Histogram.Of(column.AllLengths));
        }
        else
        {
            yield return ($"{name}: bytes", Histogram.Of(column.AllSizes));
        }

        if (column.AllExtents.Count > 0)
        {
            yield return ($"{name}: width in pixels", Histogram.Of([.. column.AllExtents.Select(static extent => extent.Width)]));
            yield return ($"{name}: height in pixels", Histogram.Of([.. column.AllExtents.Select(static extent => extent.Height)]));
        }
    }
}
