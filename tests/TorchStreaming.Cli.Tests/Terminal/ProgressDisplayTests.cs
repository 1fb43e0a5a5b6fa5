// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli.Tests;

public sealed class ProgressDisplayTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Fact]
    public async Task RunAsync_WithoutATerminal_WritesALineEveryFiveSecondsAndOneAtTheEnd()
    {
        var result = await ProgressDisplay.RunAsync(Console(terminal: false), "train", progress =>
        {
            progress.Report(new ConversionProgress(0, 2000, 0, 0));
            for (var second = 1; second <= 20; second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                progress.Report(new ConversionProgress(100 * second, 2000, second / 10, 1024 * second));
            }

            return Task.FromResult(17);
        });

        Assert.Equal(17, result);
        Assert.Equal(
            """
            train: 500 of 2,000 (25 %), 100/s, 15 s left
            train: 1,000 of 2,000 (50 %), 100/s, 10 s left
            train: 1,500 of 2,000 (75 %), 100/s, 5 s left
            train: 2,000 samples, 2 skipped, 20 KiB written in 20.0 s (100/s)

            """.ReplaceLineEndings("\n"),
            _error.ToString());
    }

    [Fact]
    public async Task RunAsync_ContinuedWork_CountsOnlyItsOwnForTheRate()
    {
        await ProgressDisplay.RunAsync(Console(terminal: false), "val", progress =>
        {
            progress.Report(new ConversionProgress(900, 1000, 0, 0));
            _time.Advance(TimeSpan.FromSeconds(10));
            progress.Report(new ConversionProgress(1000, 1000, 0, 0));
            return Task.FromResult(0);
        });

        Assert.Contains("(10/s)", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OnATerminal_EndsWithTheSameSummary()
    {
        await ProgressDisplay.RunAsync(Console(terminal: true), "train", progress =>
        {
            progress.Report(new ConversionProgress(0, 10, 0, 0));
            _time.Advance(TimeSpan.FromSeconds(2));
            progress.Report(new ConversionProgress(10, 10, 0, 100));
            return Task.FromResult(0);
        });

        Assert.EndsWith("train: 10 samples, 100 B written in 2.0 s (5/s)\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WorkFails_PassesTheFailureOn() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => ProgressDisplay.RunAsync<int>(Console(terminal: true), "train", _ => throw new InvalidOperationException()));

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 1 s")]
    [InlineData(7260, "2 h 1 min")]
    [InlineData(double.PositiveInfinity, "277777 h 46 min")]
    public void Duration_AnyLength_IsShort(double seconds, string expected) => Assert.Equal(expected, ProgressRate.Duration(seconds));

    private ToolConsole Console(bool terminal) => new(TextWriter.Null, _error, errorIsTerminal: terminal, time: _time);
}
