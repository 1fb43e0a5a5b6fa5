// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming;

namespace ImageNetTraining;

/// <summary>Prints lines of progress: how much of the run is done and how long the rest takes, images per second, the share of time that the
/// loop waited for data, and the loss.</summary>
/// <param name="every">The steps between two lines.</param>
/// <param name="totalSteps">The optimizer steps of the whole run.</param>
/// <param name="firstStep">The steps that an earlier process has taken.</param>
internal sealed class ProgressLog(int every, long totalSteps, long firstStep)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _lossSum;
    private int _lossCount;
    private LoaderStatistics? _last;
    private LoaderStatistics? _before;

    /// <summary>Counts a step and prints a line when it is time to.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The steps taken so far, this one included.</param>
    /// <param name="loss">The step's loss.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="statistics">What the loader has done.</param>
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
    public EpochMetrics Epoch(int epoch, LoaderStatistics statistics, ValidationCounter validation, int classes)
    {
        var (speed, waited) = Since(_before, statistics);
        Console.WriteLine(
            $"epoch {epoch}: {speed:F0} images/s, waited for data {waited:P1} of the time (bottleneck: {statistics.BottleneckStage}), "
            + $"validation of {validation.Images} images: top-1 {validation.Top1:P1} (chance {1.0 / classes:P1}), top-5 {validation.Top5:P1}");
        _before = statistics;
        return new EpochMetrics(epoch, speed, waited, validation.Images, validation.Top1, validation.Top5);
    }

    private void Print(int epoch, long step, double learningRate, LoaderStatistics now)
    {
        var (speed, waited) = Since(_last, now);
        var left = _clock.Elapsed / (step - firstStep) * Math.Max(0, totalSteps - step);
        Console.WriteLine(
            $"  {(double)step / totalSteps,4:P0}  {left:h\\:mm\\:ss} left  epoch {epoch}  step {step}/{totalSteps}  loss {_lossSum / _lossCount:F3}  lr {learningRate:F4}  "
            + $"{speed:F0} images/s  data wait {waited:P1}");
        (_lossSum, _lossCount, _last) = (0, 0, now);
    }

    // Statistics count from the loader's beginning; between two of them is a stretch.
    private static (double SamplesPerSecond, double WaitFraction) Since(LoaderStatistics? before, LoaderStatistics now)
    {
        var elapsed = Math.Max((now.Elapsed - (before?.Elapsed ?? TimeSpan.Zero)).TotalSeconds, 1e-9);
        var waited = now.ConsumerWait - (before?.ConsumerWait ?? TimeSpan.Zero);
        return ((now.Samples - (before?.Samples ?? 0)) / elapsed, waited.TotalSeconds / elapsed);
    }
}
