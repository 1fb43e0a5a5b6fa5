// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming bench</c>: how fast this machine delivers batches of a dataset.</summary>
internal sealed class BenchCommand : ToolCommand
{
    private static readonly string[] Scalars =
        ["int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "str_int", "str_float"];

    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();

    private readonly Option<int?> _batchSize = new("--batch-size")
    {
        Description = "Samples per batch. Default: 64.",
        HelpName = "samples",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<ImmutableArray<int>> _threads = new("--threads")
    {
        Description = "The numbers of threads to try, with commas between. Default: 1, 2, 4, … up to the processors.",
        HelpName = "counts",
        CustomParser = OptionParsers.Positives,
    };

    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long each trial takes.",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<int?> _crop = new("--crop")
    {
        Description = "Decode images and crop them at random to this many pixels a side. Default: 224.",
        HelpName = "pixels",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<bool> _raw = new("--raw") { Description = "Deliver images as their encoded bytes instead." };
    private readonly CacheOption _cache = new();
    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public BenchCommand(ToolConsole console)
        : base("bench", "Measures how fast this machine delivers shuffled batches of a dataset, and suggests a number of workers.", console)
    {
        Add(_location);
        Add(_split);
        Add(_batchSize);
        Add(_threads);
        Add(_seconds);
        Add(_crop);
        Add(_raw);
        Add(_cache);
        Add(_json);
        _seconds.Validators.Add(result =>
        {
            if (result.GetValue(_seconds) is not (> 0 and <= 3600))
            {
                result.AddError("A trial takes more than 0 and at most 3600 seconds.");
            }
        });
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["bench shapes-mds", "bench https://example.com/imagenet --split train --cache /nvme/cache --threads 4,8,16 --batch-size 256"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var location = parsed.GetRequiredValue(_location);
        var inPlace = await IsRawFolderAsync(location, parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        var temporary = inPlace || parsed.GetValue(_cache) is not null ? null : Directory.CreateTempSubdirectory("torchstreaming-");
        try
        {
            var options = new StreamingDatasetOptions
            {
                Split = parsed.GetValue(_split),
                Local = inPlace ? null : parsed.GetValue(_cache) ?? temporary!.FullName,
                Shuffle = true,
                BatchSize = parsed.GetValue(_batchSize) ?? 64,
                World = World.Single,
                TimeProvider = Console.Time,
            };
            var dataset = await StreamingDataset.OpenAsync(location, options, cancellationToken).ConfigureAwait(false);
            await using var closing = dataset.ConfigureAwait(false);
            var transform = ChooseTransform(dataset, parsed.GetValue(_raw) ? null : parsed.GetValue(_crop) ?? 224);
            var trials = new List<LoaderTrial>();
            foreach (var threads in ChooseThreads(parsed.GetValue(_threads)))
            {
                Console.Say($"bench: {Counted.Of(threads, "thread")}");
                trials.Add(await LoaderTrial.RunAsync(
                    dataset, transform, threads, TimeSpan.FromSeconds(parsed.GetValue(_seconds)), Console.Time, cancellationToken)
                    .ConfigureAwait(false));
            }

            Report(trials, parsed.GetValue(_json));
            return ExitCodes.Success;
        }
        finally
        {
            temporary?.Delete(recursive: true);
        }
    }

    /// <summary>Tells whether shards can be read where they are.</summary>
    private static async Task<bool> IsRawFolderAsync(string location, string? split, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(location, split, cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        return dataset.IsRawDirectory;
    }

    /// <summary>Numbers as numbers, images decoded, all else as bytes.</summary>
    private static ColumnSet ChooseTransform(StreamingDataset dataset, int? crop)
    {
        if (dataset.Count == 0)
        {
            throw new ArgumentException("The dataset has no samples.");
        }

        using var sample = dataset[0];
        var columns = new List<ColumnTransform>();
        foreach (var column in sample.Columns)
        {
            var isImage = column.Encoding is "jpeg" or "png" or "pil";
            columns.Add(isImage && crop is { } side
                ? new ImageColumn(column.Name, ImageTransform.RandomResizedCrop(side).RandomHorizontalFlip())
                : Scalars.Contains(column.Encoding)
                    ? new ScalarColumn(column.Name, column.Encoding.Contains("float", StringComparison.Ordinal) ? ElementType.Float64 : ElementType.Int64)
                    : new BytesColumn(column.Name));
        }

        return new ColumnSet([.. columns]);
    }

    private static ImmutableArray<int> ChooseThreads(ImmutableArray<int> wanted)
    {
        if (!wanted.IsDefaultOrEmpty)
        {
            return wanted;
        }

        var powers = Enumerable.Range(0, 10).Select(static power => 1 << power).TakeWhile(static count => count < Environment.ProcessorCount);
        return [.. powers, Environment.ProcessorCount];
    }

    private void Report(List<LoaderTrial> trials, bool json)
    {
        // More threads than bring a twentieth more are better left to the training loop.
        var best = trials.Max(static trial => trial.SamplesPerSecond);
        var suggested = trials.OrderBy(static trial => trial.Threads).First(trial => trial.SamplesPerSecond >= best * 0.95);
        if (json)
        {
            var documents = trials.Select(static trial => new TrialDocument(
                trial.Threads,
                trial.SamplesPerSecond,
                trial.BytesPerSecond,
                trial.Bottleneck.ToString().ToLowerInvariant(),
                trial.FirstBatch.TotalSeconds));
            JsonOutput.WriteDocument(Console.Output, new BenchDocument(documents, suggested.Threads), DocumentContext.Default.BenchDocument);
            return;
        }

        var table = new Table().AddColumn("threads").AddColumn("samples/s").AddColumn("read").AddColumn("first batch").AddColumn("waits for");
        foreach (var trial in trials)
        {
            table.AddRow(
                trial.Threads.ToString(CultureInfo.InvariantCulture),
                trial.SamplesPerSecond.ToString("N0", CultureInfo.InvariantCulture),
                $"{new ByteSize((long)trial.BytesPerSecond)}/s",
                string.Create(CultureInfo.InvariantCulture, $"{trial.FirstBatch.TotalMilliseconds:N0} ms"),
                trial.Bottleneck.ToString().ToLowerInvariant());
        }

        Console.Tables.Write(table);
        Console.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"suggested: numWorkers {suggested.Threads}, {suggested.SamplesPerSecond:N0} samples/s without a training loop beside"));
    }
}
