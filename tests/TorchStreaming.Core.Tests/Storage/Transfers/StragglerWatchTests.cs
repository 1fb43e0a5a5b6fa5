// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class StragglerWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StragglerWatch _watch;

    public StragglerWatchTests() => _watch = new StragglerWatch(_time);

    [Fact]
    public void Overdue_TooFewPeers_IsNever()
    {
        Finish(StragglerWatch.Needed - 1, TimeSpan.FromSeconds(1));
        using var request = _watch.Start();

        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(request.Overdue.IsCompleted);
        Assert.Null(_watch.GetPatience());
    }

    [Fact]
    public void Overdue_TwiceThePeersSlowest_IsThen()
    {
        Finish(20, TimeSpan.FromSeconds(1));
        using var request = _watch.Start();

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(request.Overdue.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(request.Overdue.IsCompleted);
    }

    [Fact]
    public void Overdue_PeersThatFinishLater_MakeARunningRequestDue()
    {
        using var request = _watch.Start();
        Finish(StragglerWatch.Needed, TimeSpan.FromMilliseconds(10));

        _time.Advance(StragglerWatch.Shortest);

        Assert.True(request.Overdue.IsCompleted);
    }

    [Fact]
    public void Overdue_Everything_IsBoundedByTheAllowance()
    {
        Finish(30, TimeSpan.FromMilliseconds(100));
        var requests = Enumerable.Range(0, 100).Select(_ => _watch.Start()).ToArray();

        _time.Advance(TimeSpan.FromHours(1));

        // Two to begin with and one for twenty done.
        Assert.Equal(3, requests.Count(static request => request.Overdue.IsCompleted));
        Array.ForEach(requests, static request => request.Dispose());
    }

    [Fact]
    public void Dispose_RequestThatFailed_TellsNothingAboutDurations()
    {
        for (var i = 0; i < 100; i++)
        {
            _watch.Start().Dispose();
        }

        Assert.Null(_watch.GetPatience());
    }

    private void Finish(int count, TimeSpan duration)
    {
        for (var i = 0; i < count; i++)
        {
            using var request = _watch.Start();
            _time.Advance(duration);
            request.SetDone();
        }
    }
}
