// SPDX-License-Identifier: MIT

namespace ImageNetTraining;

/// <summary>What a run is asked to do. <see cref="CommandLineParser"/> says what each option means.</summary>
internal sealed record TrainingOptions
{
    public required string Data { get; init; }

    public string? Cache { get; init; }

    public required string Output { get; init; }

    public string Architecture { get; init; } = "resnet18";

    public int Classes { get; init; } = 1000;

    public int ImageSize { get; init; } = 224;

    public double MinimumCrop { get; init; } = 0.08;

    public int Epochs { get; init; } = 90;

    public double WarmupEpochs { get; init; } = 5;

    public int BatchSize { get; init; } = 64;

    public int Workers { get; init; } = Environment.ProcessorCount;

    public double LearningRate { get; init; } = 0.1;

    public double Momentum { get; init; } = 0.9;

    public double WeightDecay { get; init; } = 1e-4;

    public ulong Seed { get; init; } = 9176;

    public string? Device { get; init; }

    public bool Resume { get; init; }

    /// <summary>Gets the optimizer steps of an epoch after which the run saves and ends; <see langword="null"/> to train to the end.</summary>
    public long? StopAfter { get; init; }

    public int CheckpointEvery { get; init; } = 1000;

    public int LogEvery { get; init; } = 50;

    /// <summary>Gets the file that the sample ids of the run's batches are appended to, one batch a line; <see langword="null"/> for none.</summary>
    public string? SampleIdLog { get; init; }
}
