// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Storage;

/// <summary>What the downloads of one cache needed. Thread-safe.</summary>
internal sealed class TransferCounters
{
    private long _requests;
    private long _failures;
    private long _hedges;
    private long _sampleReads;
    private long _sampleBytes;

    /// <summary>Gets the requests for whole files and parts of them.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Gets the attempts that failed with a transient error.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Gets the second requests for stragglers.</summary>
    public long Hedges => Interlocked.Read(ref _hedges);

    /// <summary>Gets the requests for headers and samples of shards that were not there.</summary>
    public long SampleReads => Interlocked.Read(ref _sampleReads);

    /// <summary>Gets the bytes of those.</summary>
    public long SampleBytes => Interlocked.Read(ref _sampleBytes);

    public void CountRequest()
    {
        Interlocked.Increment(ref _requests);
        StorageMetrics.Requests.Add(1, new TagList { { "kind", "file" } });
    }

    public void CountFailure() => Interlocked.Increment(ref _failures);

    public void CountHedge()
    {
        Interlocked.Increment(ref _hedges);
        StorageMetrics.Hedges.Add(1);
    }

    public void CountSampleRead(long bytes)
    {
        Interlocked.Increment(ref _sampleReads);
        Interlocked.Add(ref _sampleBytes, bytes);
        StorageMetrics.Requests.Add(1, new TagList { { "kind", "samples" } });
    }
}
