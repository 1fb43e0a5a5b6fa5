// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Loading;

/// <summary>Counts what a loader does. Thread-safe; a snapshot may be taken at any time.</summary>
internal sealed class StatisticsCollector(TimeProvider time, int threads)
{
    private long _batches;
    private long _samples;
    private long _skipped;
    private long _bytes;
    private long _orderingWait;
    private long _downloadWait;
    private long _decodeWait;
    private long _decodeBusy;
    private long _elapsed;
    private long _mark;

    public TimeProvider Time => time;

    public long Now() => time.GetTimestamp();

    /// <summary>Starts the clock of an epoch; the consumer calls this and <see cref="AddBatch"/>.</summary>
    public void StartEpoch() => _mark = Now();

    public void AddWait(BottleneckStage stage, long ticks)
    {
        ref var total = ref _decodeWait;
        if (stage == BottleneckStage.Ordering)
        {
            total = ref _orderingWait;
        }
        else if (stage == BottleneckStage.Download)
        {
            total = ref _downloadWait;
        }

        Interlocked.Add(ref total, ticks);
    }

    public void AddFill(long bytes, long ticks)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _decodeBusy, ticks);
    }

    public void AddSkipped(int samples)
    {
        Interlocked.Add(ref _skipped, samples);
        LoaderMeter.Skipped.Add(samples);
    }

    public void AddBatch(int samples, long waitTicks)
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _samples, samples);
        var now = Now();
        Interlocked.Add(ref _elapsed, now - _mark);
        _mark = now;
        LoaderMeter.Samples.Add(samples);
        LoaderMeter.WaitDuration.Record(ToTime(waitTicks).TotalSeconds);
    }

    public LoaderStatistics Snapshot(CacheStatistics cache)
    {
        var ordering = Interlocked.Read(ref _orderingWait);
        var download = Interlocked.Read(ref _downloadWait);
        var decode = Interlocked.Read(ref _decodeWait);
        return new LoaderStatistics
        {
            Batches = Interlocked.Read(ref _batches),
            Samples = Interlocked.Read(ref _samples),
            SkippedSamples = Interlocked.Read(ref _skipped),
            Bytes = Interlocked.Read(ref _bytes),
            Elapsed = ToTime(Interlocked.Read(ref _elapsed)),
            ConsumerWait = ToTime(ordering + download + decode),
            OrderingWait = ToTime(ordering),
            DownloadWait = ToTime(download),
            DecodeWait = ToTime(decode),
            DecodeBusy = ToTime(Interlocked.Read(ref _decodeBusy)),
            Threads = threads,
            Cache = cache,
        };
    }

    private TimeSpan ToTime(long ticks) => time.GetElapsedTime(0, ticks);
}
