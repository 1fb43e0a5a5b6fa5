// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using TorchStreaming;
using TorchStreaming.Conversion;

namespace ImageNetTraining;

/// <summary>The whole path without any data at hand: makes images, converts them to shards, trains on them through a fresh cache, stops in the
/// middle of the last epoch, resumes in a new process, and checks that nothing of the epoch was lost or seen twice.</summary>
internal sealed class SyntheticRun
{
    private const int TrainingImageCount = 1700;
    private const int ValidationImageCount = 300;
    private const int ClassCount = 10;
    private const int EpochCount = 4;

    private readonly TrainingOptions _options;
    private readonly string _images;

    private SyntheticRun(TrainingOptions given)
    {
        var output = Path.GetFullPath(given.Output);
        _images = Path.Combine(output, "images");
        _options = given with
        {
            Data = Path.Combine(output, "remote"),
            Cache = Path.Combine(output, "cache"),
            Output = output,
            Classes = ClassCount,
            ImageSize = 48,
            MinimumCrop = 0.5,
            Epochs = EpochCount,
            WarmupEpochs = 0.5,
            BatchSize = 32,
            LearningRate = 0.04,
            LogEvery = 25,
        };
    }

    public static async Task<int> RunAsync(TrainingOptions given, CancellationToken cancellationToken)
    {
        var run = new SyntheticRun(given);
        var clock = Stopwatch.StartNew();
        run.Clear();
        await run.MakeDataAsync(cancellationToken);
        run.SaveContactSheet();
        var exitCode = await run.TrainStopAndResumeAsync(cancellationToken);
        Console.WriteLine($"Done in {clock.Elapsed.TotalSeconds:F0} s.");
        return exitCode;
    }

    // Only what a former run of this class made: the folders have fixed names.
    private void Clear()
    {
        Directory.CreateDirectory(_options.Output);
        EpochMetrics.Clear(_options.Output);
        foreach (var folder in (string[])[_images, _options.Data, _options.Cache!, Path.Combine(_options.Output, "checkpoint")])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task MakeDataAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var made = await SyntheticImageFolder.CreateAsync(
            _images,
            new SyntheticImageFolderOptions
            {
                Images = TrainingImageCount,
                ValidationImages = ValidationImageCount,
                Classes = ClassCount,
            },
            cancellationToken: cancellationToken);
        Console.WriteLine($"Made {made.Images} images of {made.Classes.Length} classes, {new ByteSize(made.Bytes)}, in {clock.Elapsed.TotalSeconds:F1} s.");

        clock.Restart();
        var compression = "zstd";
        foreach (var split in ImageFolder.ScanSplits(_images, [SyntheticImageFolder.TrainingSplit, SyntheticImageFolder.ValidationSplit], cancellationToken))
        {
            var target = Path.Combine(_options.Data, Path.GetFileName(split.Directory));
            var converted = await ImageFolderConverter.ConvertAsync(
                split,
                target,
                new ImageFolderConverterOptions { Compression = compression, SizeLimit = ByteSize.MiB(2) },
                cancellationToken: cancellationToken);
            Console.WriteLine($"Converted {converted.Index.SampleCount} images to {converted.Index.ShardCount} {compression}-compressed MDS shards in '{target}'.");
        }

        Console.WriteLine($"Conversion took {clock.Elapsed.TotalSeconds:F1} s.");
    }

    private void SaveContactSheet()
    {
        using var data = TrainingData.Open(_options, SyntheticImageFolder.TrainingSplit, shuffle: true);
        var size = _options.ImageSize;
        var columns = new ColumnSet(new ImageColumn("x", TrainingImages.Augmented(size, _options.MinimumCrop)));
        using var loader = new BatchLoader(data, columns);
        using var batches = loader.GetEnumerator();
        batches.MoveNext();
        var batch = batches.Current;
        var sheet = new ContactSheet(batch.Count, size, size);
        var pixels = batch.GetValues<float>("x");
        for (var i = 0; i < batch.Count; i++)
        {
            sheet.PlacePlanes(i, pixels.Slice(i * 3 * size * size, 3 * size * size), ImageNet.Mean, ImageNet.Std);
        }

        var path = Path.Combine(_options.Output, "batch.png");
        using var file = File.Create(path);
        sheet.Save(file);
        Console.WriteLine($"An augmented batch is shown in '{path}'.");
    }

    private async Task<int> TrainStopAndResumeAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"Training {_options.Architecture}, {EpochCount} epochs, stopping in the middle of the last one.");
        var expected = ReadOrder();
        var stop = expected.Length - (expected.Length / EpochCount / 2);
        var firstLog = FreshFile("ids-first.txt");
        var secondLog = FreshFile("ids-second.txt");
        var clock = Stopwatch.StartNew();
        ResNetTraining.Train(_options with { StopAfter = stop, SampleIdLog = firstLog }, cancellationToken);

        Console.WriteLine($"Stopped after {stop} of {expected.Length} steps. A new process continues from the checkpoint:");
        var exit = await ResumeInNewProcessAsync(secondLog, cancellationToken);
        if (exit != 0)
        {
            return exit;
        }

        Console.WriteLine($"Training took {clock.Elapsed.TotalSeconds:F1} s.");
        return Conclude(expected, await File.ReadAllLinesAsync(firstLog, cancellationToken), await File.ReadAllLinesAsync(secondLog, cancellationToken));
    }

    /// <summary>Says what the run has proved, or failed to.</summary>
    private int Conclude(string[] expected, string[] before, string[] after)
    {
        var last = EpochMetrics.ReadLast(_options.Output);
        var epochs = before.Concat(after).Chunk(expected.Length / EpochCount).Select(static lines => lines.SelectMany(static line => line.Split(' ')).Distinct().Count());
        (bool Holds, string Claim)[] claims =
        [
            (epochs.All(static images => images == TrainingImageCount),
                $"each of {EpochCount} epochs showed each of the {TrainingImageCount} training images"),
            (before.Concat(after).SequenceEqual(expected),
                $"the process that resumed at step {before.Length} got the {after.Sum(static line => line.Split(' ').Length)} remaining sample ids of an unbroken run, in its order"),
            (last.ValidationImages == ValidationImageCount,
                $"validation counted each of its {ValidationImageCount} images once"),
            (last.Top1 > 2.0 / ClassCount,
                $"the network learned: top-1 {last.Top1:P1}, chance {1.0 / ClassCount:P0}"),
        ];
        foreach (var (holds, claim) in claims)
        {
            Console.WriteLine($"{(holds ? "Proved" : "FAILED")}: {claim}.");
        }

        return claims.All(static entry => entry.Holds) ? 0 : 1;
    }

    // The sample ids of an unbroken run, one line a batch: the order is known without reading a sample.
    private string[] ReadOrder()
    {
        using var data = TrainingData.Open(_options, SyntheticImageFolder.TrainingSplit, shuffle: true);
        var lines = new List<string>();
        for (var epoch = 0; epoch < EpochCount; epoch++)
        {
            lines.AddRange(data.BeginEpoch(workers: _options.Workers).ReadBatches().Select(static ids => string.Join(' ', ids)));
        }

        return [.. lines];
    }

    private async Task<int> ResumeInNewProcessAsync(string sampleIdLog, CancellationToken cancellationToken)
    {
        var self = Environment.ProcessPath!;
        var start = new ProcessStartInfo(self);
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        }

        foreach (var argument in (FormattableString[])[
            $"--resume", $"--data", $"{_options.Data}", $"--cache", $"{_options.Cache}", $"--output", $"{_options.Output}",
            $"--arch", $"{_options.Architecture}", $"--classes", $"{_options.Classes}", $"--image-size", $"{_options.ImageSize}", $"--min-crop", $"{_options.MinimumCrop}", $"--epochs", $"{_options.Epochs}",
            $"--warmup-epochs", $"{_options.WarmupEpochs}", $"--batch-size", $"{_options.BatchSize}", $"--workers", $"{_options.Workers}",
            $"--lr", $"{_options.LearningRate}", $"--momentum", $"{_options.Momentum}", $"--weight-decay", $"{_options.WeightDecay}", $"--seed", $"{_options.Seed}", $"--log-every", $"{_options.LogEvery}",
            $"--sample-id-log", $"{sampleIdLog}"])
        {
            start.ArgumentList.Add(argument.ToString(CultureInfo.InvariantCulture));
        }

        if (_options.Device is { } device)
        {
            start.ArgumentList.Add("--device");
            start.ArgumentList.Add(device);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{self}' could not be started.");
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    private string FreshFile(string name)
    {
        var path = Path.Combine(_options.Output, name);
        File.Delete(path);
        return path;
    }
}
