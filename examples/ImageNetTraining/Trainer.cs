// SPDX-License-Identifier: MIT

namespace ImageNetTraining;

/// <summary>Trains with what this build has: TorchSharp, or without it a linear model.</summary>
internal static class Trainer
{
#if TORCH
    /// <summary>How many passes over a small data set show a clear result.</summary>
    public const int ShortRunEpochs = 5;

    public const string Kind = "a residual network with TorchSharp";

    public static void Run(TrainingOptions options, CancellationToken cancellationToken)
    {
        using var training = new Torch.ResNetTraining(options);
        training.Run(cancellationToken);
    }
#else
    /// <summary>How many passes over a small data set show a clear result.</summary>
    public const int ShortRunEpochs = 15;

    public const string Kind = "a linear classifier, because the package feed does not serve TorchSharp and TorchVision";

    public static void Run(TrainingOptions options, CancellationToken cancellationToken)
    {
        using var training = new Linear.LinearTraining(options);
        training.Run(cancellationToken);
    }
#endif
}
