// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Diagnostics;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Diagnostics;

public sealed class TraceTests : IDisposable
{
    private const int Samples = 40;

    private readonly ConcurrentBag<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly Activity _root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "TorchStreaming",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // Other tests of the process make spans as well.
                if (activity.TraceId == _root.TraceId)
                {
                    _spans.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task Open_AndRead_MakeASpanForTheDataSetAndForEachShardThatIsFetched()
    {
        using var directory = new TemporaryDirectory();
        await SmallDataset.WriteAsync(directory.Combine("remote"), Samples, sizeLimit: 512);
        var streams = new[] { new DataStream { Remote = directory.Combine("remote"), Local = directory.Combine("local") } };
        await using var dataset = await StreamingDataset.OpenAsync(streams, new() { BatchSize = 8 });
        for (var i = 0; i < Samples; i++)
        {
            _ = await dataset.GetSampleAsync(i);
        }

        var opened = Assert.Single(_spans, static span => span.OperationName == "torchstreaming.dataset.open");
        Assert.Equal(1, opened.GetTagItem("torchstreaming.streams"));
        Assert.Equal((long)Samples, opened.GetTagItem("torchstreaming.samples"));
        var fetched = _spans.Where(static span => span.OperationName == "torchstreaming.cache.fetch").ToList();
        Assert.True(dataset.CacheStatistics.Misses > 1);
        Assert.Equal(dataset.CacheStatistics.Misses, fetched.Count);
        Assert.All(fetched, static span => Assert.Equal("miss", span.GetTagItem("torchstreaming.outcome")));
        Assert.Equal(fetched.Count, fetched.Select(static span => span.GetTagItem("torchstreaming.shard")).Distinct().Count());
    }

    [Fact]
    public async Task Open_WhatIsNotThere_MakesASpanThatFailed()
    {
        using var directory = new TemporaryDirectory();

        await Assert.ThrowsAnyAsync<TorchStreamingException>(
            async () => await StreamingDataset.OpenAsync(directory.Combine("nothing"), new() { BatchSize = 8 }));

        var span = Assert.Single(_spans);
        Assert.Equal((ActivityStatusCode.Error, nameof(StorageException)), (span.Status, span.StatusDescription));
    }
}
