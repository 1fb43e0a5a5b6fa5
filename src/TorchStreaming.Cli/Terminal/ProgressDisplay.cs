// SPDX-License-Identifier: MIT

using System.Globalization;
using Spectre.Console;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary>Shows how far something is: a bar on a terminal, now and then a line elsewhere. Always on the standard error.</summary>
internal static class ProgressDisplay
{
    private const int LeastBar = 10;
    private const int MostBar = 40;
    private const int RoomForNumbers = 65;
    private const int WidthOfBar = RoomForNumbers + LeastBar;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs work and shows its progress.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="console">Where to show it.</param>
    /// <param name="title">What is being done, in a word or two.</param>
    /// <param name="work">The work, given where to report.</param>
    /// <param name="bytesWere">What was done with the bytes that are counted.</param>
    /// <returns>What the work gave.</returns>
    public static async Task<T> RunAsync<T>(
        ToolConsole console, string title, Func<IProgress<ConversionProgress>, Task<T>> work, string bytesWere = "written")
    {
        var rate = new ProgressRate(console.Time);
        var result = console.ErrorIsTerminal
            ? await RunWithBarAsync(console, title, rate, work).ConfigureAwait(false)
            : await work(new LineReporter(console, title, rate)).ConfigureAwait(false);
        console.Say(Summarize(title, rate, bytesWere));
        return result;
    }

    private static Task<T> RunWithBarAsync<T>(
        ToolConsole console, string title, ProgressRate rate, Func<IProgress<ConversionProgress>, Task<T>> work) =>
        console.Talk.Progress()
            .AutoClear(true)
            .Columns(ChooseColumns(console.Talk.Profile.Width, rate))
            .StartAsync(context => work(new BarReporter(context.AddTask(Markup.Escape(title)), rate)));

    /// <summary>A narrow terminal has room for the numbers alone; columns that do not fit would break in the middle of a number.</summary>
    private static ProgressColumn[] ChooseColumns(int width, ProgressRate rate) => width < WidthOfBar
        ? [new RateColumn(rate)]
        :
        [
            new TaskDescriptionColumn(),
            new ProgressBarColumn { Width = Math.Clamp(width - RoomForNumbers, LeastBar, MostBar) },
            new PercentageColumn(),
            new RateColumn(rate),
            new SpinnerColumn(),
        ];

    private static string Summarize(string title, ProgressRate rate, string bytesWere)
    {
        var latest = rate.Latest;
        var skipped = latest.Skipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {latest.Skipped:N0} skipped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: {Counted.Of(latest.Done, "sample")}{skipped}, {new ByteSize(latest.Bytes)} {bytesWere} "
            + $"in {rate.Elapsed.TotalSeconds:0.0} s ({rate.SamplesPerSecond:N0}/s)");
    }

    /// <summary>Moves the bar.</summary>
    private sealed class BarReporter(ProgressTask task, ProgressRate rate) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            rate.Update(value);
            task.IsIndeterminate = value.Total == 0;
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
        }
    }

    /// <summary>Writes a line every few seconds.</summary>
    private sealed class LineReporter(ToolConsole console, string title, ProgressRate rate) : IProgress<ConversionProgress>
    {
        private long _lastLine = console.Time.GetTimestamp();

        public void Report(ConversionProgress value)
        {
            rate.Update(value);
            if (value.Done == value.Total || console.Time.GetElapsedTime(_lastLine) < LineInterval)
            {
                return;
            }

            _lastLine = console.Time.GetTimestamp();
            var share = value.Total == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $" of {value.Total:N0} ({100.0 * value.Done / value.Total:0} %)");
            console.Say(string.Create(CultureInfo.InvariantCulture, $"{title}: {value.Done:N0}{share}, {rate.Describe()}"));
        }
    }
}
