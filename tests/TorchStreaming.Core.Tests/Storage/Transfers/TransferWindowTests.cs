// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>The window on links that are models: the goodput is what the window lets through, up to the bandwidth.</summary>
public sealed class TransferWindowTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1, 2e9)]
    [InlineData(50, 200e6)]
    [InlineData(100, 500e6)]
    [InlineData(200, 1e9)]
    [InlineData(20, 5e6)]
    public void Bytes_LinkWithDemand_FillsItWithinItsBounds(int latencyMilliseconds, double bandwidth)
    {
        var window = new TransferWindow(_time);

        var goodput = Run(window, latencyMilliseconds, bandwidth, periods: 60);

        Assert.InRange(goodput, 0.95 * bandwidth, bandwidth);
        Assert.InRange(window.Bytes, TransferWindow.Smallest, TransferWindow.Largest);
    }

    [Fact]
    public void Bytes_LongLinkWithSlowConnections_ClimbsAboveTheStart()
    {
        var window = new TransferWindow(_time);
        window.ObserveLatency(TimeSpan.FromMilliseconds(10));
        var start = window.Bytes;

        // Each byte in flight takes 200 ms: connections are slower than the latency alone would make them.
        var goodput = Run(window, 200, 800e6, periods: 60);

        Assert.True(window.Bytes > start);
        Assert.InRange(goodput, 0.95 * 800e6, 800e6);
    }

    [Fact]
    public void ObserveLatency_FirstTime_StartsAtLittlesLaw()
    {
        var window = new TransferWindow(_time);

        window.ObserveLatency(TimeSpan.FromMilliseconds(50));

        Assert.Equal(TransferWindow.First + (long)(TransferWindow.AssumedBandwidth * 0.05), window.Bytes);
    }

    [Fact]
    public void ObserveLatency_HugeLatency_StaysWithinBounds()
    {
        var window = new TransferWindow(_time);

        window.ObserveLatency(TimeSpan.FromHours(1));

        Assert.Equal(TransferWindow.Largest, window.Bytes);
    }

    [Fact]
    public void BackOff_SeveralInOnePeriod_HalvesOnce()
    {
        var window = new TransferWindow(_time);

        window.BackOff();
        window.BackOff();

        Assert.Equal(TransferWindow.First / 2, window.Bytes);
    }

    [Fact]
    public void BackOff_ForEver_LeavesTheSmallestWindow()
    {
        var window = new TransferWindow(_time);
        for (var i = 0; i < 20; i++)
        {
            window.BackOff();
            _time.Advance(TimeSpan.FromSeconds(1));
            window.ObserveBytes(1, hasDemand: true);
        }

        Assert.Equal(TransferWindow.Smallest, window.Bytes);
    }

    [Fact]
    public void ObserveBytes_WithoutDemand_LeavesTheWindow()
    {
        var window = new TransferWindow(_time);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            window.ObserveBytes(100_000_000 * (i + 1), hasDemand: false);
        }

        Assert.Equal(TransferWindow.First, window.Bytes);
    }

    private double Run(TransferWindow window, int latencyMilliseconds, double bandwidth, int periods)
    {
        var latency = TimeSpan.FromMilliseconds(latencyMilliseconds);
        window.ObserveLatency(latency);
        for (var i = 0; i < periods; i++)
        {
            var goodput = Math.Min(bandwidth, window.Bytes / latency.TotalSeconds);
            var period = TimeSpan.FromMilliseconds(Math.Max(250, 4 * latencyMilliseconds));
            _time.Advance(period);
            window.ObserveBytes((long)(goodput * period.TotalSeconds), hasDemand: true);
        }

        return window.Goodput;
    }
}
