// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Of_FewWholeNumbers_GivesEachItsRange() => Assert.Equal([2, 0, 1], Histogram.Of([4, 4, 6]).Counts);

    [Fact]
    public void Of_ManyWholeNumbers_HasEquallyManyInEachRange()
    {
        var histogram = Histogram.Of([.. Enumerable.Range(5, 100).Select(static i => (double)i)]);

        Assert.Equal((4.5, 106.5), (histogram.Min, histogram.Max));
        Assert.All(histogram.Counts[..^1], count => Assert.Equal(3, count));
        Assert.Equal(1, histogram.Counts[^1]);
    }

    [Fact]
    public void Of_ManyNumbers_CountsEveryOneOnce()
    {
        var histogram = Histogram.Of([.. Enumerable.Range(0, 1000).Select(static i => i * 0.37)]);

        Assert.Equal(1000, histogram.Counts.Sum());
        Assert.All(histogram.Counts, count => Assert.Equal(25, count));
    }

    [Fact]
    public void Of_OneNumberOrNone_IsDrawn()
    {
        Assert.Equal([3], Histogram.Of([0.5, 0.5, 0.5]).Counts.Where(static count => count > 0));
        Assert.Contains("<svg", HistogramSheet.Draw([("none", Histogram.Of([])), ("one", Histogram.Of([0.5]))]), StringComparison.Ordinal);
    }

    [Fact]
    public void Moments_OfAFewValues_AreTheirClosedForms()
    {
        var moments = new Moments();
        foreach (var value in (double[])[2, 4, 4, 4, 5, 5, 7, 9])
        {
            moments.Add(value);
        }

        Assert.Equal((8, 5, 2, 2, 9), (moments.Count, moments.Mean, moments.Std, moments.Min, moments.Max));
    }
}
