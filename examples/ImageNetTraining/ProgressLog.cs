// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;

namespace ImageNetTraining;

/// <summary>Prints lines of progress: images per second, the share of time that the loop waited for data, and the loss.</summary>
internal sealed class ProgressLog(int every)
{
    private double _lossSum;
    private int _lossCount;
    private LoaderStatistics? _last;

    /// <summary>Counts a step and prints a line when it is time to.</summary>
    public void Step(int epoch, long step, double loss, double learningRate, LoaderStatistics statistics)
    {
        _lossSum += loss;
        _lossCount++;
        if (step % every == 0)
        {
            Print(epoch, step, learningRate, statistics);
        }
    }

    /// <summary>Prints the figures of a whole epoch.</summary>
    public static void Epoch(int epoch, LoaderStatistics training, TopKCounter validation, int classes) => Console.WriteLine(
        $"epoch {epoch}: {training.SamplesPerSecond:F0} images/s, waited for data {training.WaitFraction:P1} of the time "
        + $"(bottleneck: {training.BottleneckStage}), validation top-1 {validation.Top1:P1} (chance {1.0 / classes:P1}), top-5 {validation.Top5:P1}");

    private void Print(int epoch, long step, double learningRate, LoaderStatistics now)
    {
        var elapsed = (now.Elapsed - (_last?.Elapsed ?? TimeSpan.Zero)).TotalSeconds;
        var samples = now.Samples - (_last?.Samples ?? 0);
        var waited = (now.ConsumerWait - (_last?.ConsumerWait ?? TimeSpan.Zero)).TotalSeconds;
        Console.WriteLine(
            $"  epoch {epoch}  step {step}  loss {_lossSum / _lossCount:F3}  lr {learningRate:F4}  {samples / Math.Max(elapsed, 1e-9):F0} images/s  "
            + $"data wait {waited / Math.Max(elapsed, 1e-9):P1}");
        (_lossSum, _lossCount, _last) = (0, 0, now);
    }
}
