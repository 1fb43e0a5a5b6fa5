// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Numerics;

namespace ImageNetTraining;

/// <summary>The options on the command line.</summary>
internal static class CommandLineParser
{
    // As the tool answers it.
    private const int UsageError = 2;

    private static readonly TrainingOptions Defaults = new() { Data = "", Output = "" };

    private static readonly Option<bool> Synthetic = new("--synthetic")
    {
        Description = "Make a small dataset, train on it, stop in the middle of an epoch and resume. The data and the schedule are fixed then.",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The folder, bucket or URL that holds the splits 'train' and 'val' as shards (see 'torchstreaming convert imagenet').",
    };

    private static readonly Option<string?> Cache = new("--cache")
    {
        Description = "Where downloaded shards are kept. By default a folder of the user's cache directory.",
    };

    private static readonly Option<string> Output = new("--output")
    {
        Description = "Where checkpoints and images go.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "imagenet"),
    };

    private static readonly Option<string> Architecture = Make("--arch", "The network.", Defaults.Architecture).AcceptOnlyFromAmong("resnet18", "resnet50");
    private static readonly Option<int> Classes = AtLeast(1, "--classes", "The number of classes.", Defaults.Classes);
    private static readonly Option<int> ImageSize = AtLeast(1, "--image-size", "The side of the training images in pixels.", Defaults.ImageSize);
    private static readonly Option<double> MinimumCrop = Share("--min-crop", "The minimum share of an image that a training crop shows.", Defaults.MinimumCrop);
    private static readonly Option<int> Epochs = AtLeast(1, "--epochs", "The number of passes over the data.", Defaults.Epochs);
    private static readonly Option<double> Warmup = AtLeast(0.0, "--warmup-epochs", "The passes in which the learning rate rises.", Defaults.WarmupEpochs);
    private static readonly Option<int> BatchSize = AtLeast(1, "--batch-size", "The samples per device and step.", Defaults.BatchSize);
    private static readonly Option<int> Workers = AtLeast(0, "--workers", "The threads that decode and transform.", Defaults.Workers);
    private static readonly Option<double> LearningRate = AtLeast(0.0, "--lr", "The learning rate after the warm-up.", Defaults.LearningRate);
    private static readonly Option<double> Momentum = AtLeast(0.0, "--momentum", "The momentum.", Defaults.Momentum);
    private static readonly Option<double> WeightDecay = AtLeast(0.0, "--weight-decay", "The weight decay.", Defaults.WeightDecay);
    private static readonly Option<ulong> Seed = Make("--seed", "The seed of order, augmentation and weights.", Defaults.Seed);
    private static readonly Option<string?> Device = Check(
        new Option<string?>("--device") { Description = "cpu, cuda or cuda:<number>. By default cuda where there is one." },
        static given => given is null or "cpu" or "cuda" || (given.StartsWith("cuda:", StringComparison.Ordinal) && byte.TryParse(given.AsSpan(5), out _)),
        "must be cpu, cuda or cuda:<number>");
    private static readonly Option<bool> Resume = new("--resume") { Description = "Continue from the checkpoint in --output, in the middle of an epoch too." };
    private static readonly Option<long?> StopAfter = new("--stop-after") { Description = "Save and end after so many steps of this run." };
    private static readonly Option<int> CheckpointEvery = AtLeast(1, "--checkpoint-every", "The steps between checkpoints.", Defaults.CheckpointEvery);
    private static readonly Option<int> LogEvery = AtLeast(1, "--log-every", "The steps between progress lines.", Defaults.LogEvery);
    private static readonly Option<string?> SampleIdLog = new("--sample-id-log") { Description = "Append the sample ids of each batch to this file." };

    /// <summary>Parses the arguments and runs what they ask for.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="train">Trains on given data.</param>
    /// <param name="synthesize">Makes data and trains on it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] arguments,
        Func<TrainingOptions, CancellationToken, Task<int>> train,
        Func<TrainingOptions, CancellationToken, Task<int>> synthesize)
    {
        var root = new RootCommand("Trains a residual network on ImageNet, or on any images in its layout, streamed from sharded data.");
        foreach (var option in (Option[])[
            Synthetic, Data, Cache, Output, Architecture, Classes, ImageSize, MinimumCrop, Epochs, Warmup, BatchSize, Workers, LearningRate, Momentum, WeightDecay,
            Seed, Device, Resume, StopAfter, CheckpointEvery, LogEvery, SampleIdLog])
        {
            root.Options.Add(option);
        }

        root.Validators.Add(result =>
        {
            if (!result.GetValue(Synthetic) && result.GetValue(Data) is null)
            {
                result.AddError("Give --data <location>, or --synthetic to try the program without data.");
            }
        });
        root.SetAction((result, cancellationToken) =>
        {
            var options = Read(result);
            return result.GetValue(Synthetic) ? synthesize(options, cancellationToken) : train(options, cancellationToken);
        });

        // After Ctrl-C the step in progress is finished and saved.
        var parsed = root.Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        return parsed.Action is ParseErrorAction ? UsageError : exitCode;
    }

    private static TrainingOptions Read(ParseResult result) => new()
    {
        Data = result.GetValue(Data) ?? "",
        Cache = result.GetValue(Cache),
        Output = result.GetValue(Output)!,
        Architecture = result.GetValue(Architecture)!,
        Classes = result.GetValue(Classes),
        ImageSize = result.GetValue(ImageSize),
        MinimumCrop = result.GetValue(MinimumCrop),
        Epochs = result.GetValue(Epochs),
        WarmupEpochs = result.GetValue(Warmup),
        BatchSize = result.GetValue(BatchSize),
        Workers = result.GetValue(Workers),
        LearningRate = result.GetValue(LearningRate),
        Momentum = result.GetValue(Momentum),
        WeightDecay = result.GetValue(WeightDecay),
        Seed = result.GetValue(Seed),
        Device = result.GetValue(Device),
        Resume = result.GetValue(Resume),
        StopAfter = result.GetValue(StopAfter),
        CheckpointEvery = result.GetValue(CheckpointEvery),
        LogEvery = result.GetValue(LogEvery),
        SampleIdLog = result.GetValue(SampleIdLog),
    };

    private static Option<T> AtLeast<T>(T least, string name, string description, T value)
        where T : INumber<T> => Check(Make(name, description, value), given => T.IsFinite(given) && given >= least, $"must be {least} or more");

    private static Option<double> Share(string name, string description, double value) =>
        Check(Make(name, description, value), static given => given is > 0 and <= 1, "must be more than 0 and at most 1");

    private static Option<T> Check<T>(Option<T> option, Func<T, bool> isPossible, string rule)
    {
        option.Validators.Add(result =>
        {
            try
            {
                if (result.GetValueOrDefault<T>() is { } given && !isPossible(given))
                {
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} {rule}, not {given}."));
                }
            }
            catch (InvalidOperationException)
            {
                // What is no number at all is reported by the parser.
            }
        });
        return option;
    }

    private static Option<T> Make<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
