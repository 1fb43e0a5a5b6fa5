// SPDX-License-Identifier: MIT

using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Turns a dataset into batches: fetches shards ahead, decodes and transforms on its own threads into buffers that are used
/// again, and hands batches out in an order that does not depend on timing, threads or cache. One enumeration is one epoch.</summary>
/// <remarks>
/// <para>Starting an enumeration ends the one before. A batch dies at the next <c>MoveNext</c> unless it is detached. Leaving the loop
/// early stops all work at once.</para>
/// <para>One thread at a time, except <see cref="Statistics"/> and <see cref="StateDict"/>. The dataset is not owned and must outlive the
/// loader. A loader that is dropped without a dispose gives its threads and memory back when it is collected.</para>
/// <para>Mirrors <c>streaming.StreamingDataLoader</c>.</para>
/// </remarks>
public sealed class BatchLoader : IEnumerable<Batch>, IBatchDelivery<Batch>, IDisposable, IAsyncDisposable
{
    private readonly ILoaderSource _source;
    private readonly SampleTransform _transform;
    private readonly BatchLoaderOptions _options;
    private readonly StatisticsCollector _statistics;
    private readonly ILogger _logger;
    private readonly Lock _epochLock = new();
    private readonly List<PlannedBatch> _batches = [];
    private BatchRing? _ring;
    private FillWorkers? _workers;
    private RowFiller? _inline;
    private EpochRun? _run;
    private IAsyncDisposable? _epoch;
    private bool _goesOnFromState;
    private bool _disposed;

    /// <summary>Creates a loader. Threads and memory are made when the first epoch starts.</summary>
    /// <param name="dataset">The dataset. One in Composer's legacy format has its own order: the workers' fixed parts in turns.</param>
    /// <param name="transform">The transform applied to a sample.</param>
    /// <param name="options">How to work; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no batch size, two that differ, another option is out of its range, or the transform
    /// asks for columns that the dataset does not have.</exception>
    public BatchLoader(ILoaderSource dataset, SampleTransform transform, BatchLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(transform);
        _source = dataset;
        _transform = transform;
        _options = options ?? new BatchLoaderOptions();
        _options.Validate();
        BatchSize = ChooseBatchSize(_options.BatchSize, dataset.BatchSize);
        foreach (var schema in dataset.Shards.Streams.SelectMany(static stream => stream.Schemas).Distinct())
        {
            transform.Validate(schema);
        }

        _logger = dataset.LoggerFactory.CreateLogger<BatchLoader>();
        _statistics = new StatisticsCollector(_options.TimeProvider, Math.Max(1, _options.FillThreads));
    }

    /// <summary>Ends the threads of a loader that was dropped without a dispose.</summary>
    ~BatchLoader() => Abandon();

    /// <summary>Tells that an epoch starts, on the thread of the loop.</summary>
    internal event Action<EpochStart>? EpochStarted;

    /// <summary>Gets the number of samples in a full batch.</summary>
    public int BatchSize { get; }

    /// <summary>Gets the columns of the batches.</summary>
    public ImmutableArray<BatchColumn> Columns => _transform.Columns;

    /// <summary>Gets the number of batches that an epoch has, as upstream estimates it: exact for one worker and whole epochs; more where
    /// canonical nodes repeat samples, fewer after a resumption.</summary>
    /// <remarks>Mirrors <c>len(streaming.StreamingDataLoader)</c>.</remarks>
    public long EpochLength
    {
        get
        {
            var samples = _source.EpochLength;
            return _options.DropLast ? samples / BatchSize : (samples + BatchSize - 1) / BatchSize;
        }
    }

    /// <summary>Gets what the loader has done so far. Thread-safe.</summary>
    public LoaderStatistics Statistics => _statistics.Snapshot(_source.CacheStatistics);

    /// <summary>Starts the next epoch, or continues in the one of a loaded state.</summary>
    /// <returns>The epoch's batches.</returns>
    /// <exception cref="ResumeException">The loaded state does not fit the dataset, its options or the world.</exception>
    /// <exception cref="ArgumentException">The order's options do not fit the dataset or the world.</exception>
    /// <exception cref="InsufficientMemoryException">There is no memory for the batches.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed.</exception>
    public IEnumerator<Batch> GetEnumerator() => StartEpoch(this, CancellationToken.None);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    Batch IBatchDelivery<Batch>.Deliver(Batch batch) => batch;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Loader of {Counted.Of(EpochLength, "batch", "batches")} of {Counted.Of(BatchSize, "sample")} an epoch";

    /// <summary>Gives one epoch that can be canceled.</summary>
    /// <param name="cancellationToken">Ends waiting for a batch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The epoch; every enumeration of it starts a new one.</returns>
    public IEnumerable<Batch> ReadEpoch(CancellationToken cancellationToken)
    {
        using var batches = StartEpoch(this, cancellationToken);
        while (batches.MoveNext())
        {
            yield return batches.Current;
        }
    }

    /// <summary>Gives one epoch without blocking a thread while a batch is not ready, for services. With no threads of its own the loader
    /// decodes on the thread that asks.</summary>
    /// <param name="cancellationToken">Ends waiting for a batch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The epoch; every enumeration of it starts a new one.</returns>
    public IAsyncEnumerable<Batch> ReadEpochAsync(CancellationToken cancellationToken = default) => ReadEpochAsync(this, cancellationToken);

    /// <summary>Gets where the run is: the samples of batches handed out count as seen, those prepared ahead do not.
    /// Thread-safe.</summary>
    /// <returns>The state, with upstream's keys when written as JSON.</returns>
    /// <remarks>Every rank's state is the same if all ranks have had equally many samples. Mirrors
    /// <c>streaming.StreamingDataLoader.state_dict</c>.</remarks>
    public LoaderState StateDict()
    {
        lock (_epochLock)
        {
            return _source.StateDict(_goesOnFromState ? 0 : _run?.SamplesYielded ?? 0);
        }
    }

    /// <summary>Makes the next epoch continue from a state, whatever the loader did before. A running epoch is not changed.</summary>
    /// <param name="state">The state, also of another world or of an upstream run.</param>
    /// <exception cref="ResumeException">The state does not fit the dataset.</exception>
    /// <remarks>Mirrors <c>streaming.StreamingDataLoader.load_state_dict</c>.</remarks>
    public void LoadStateDict(LoaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_epochLock)
        {
            _source.LoadStateDict(state);
            _goesOnFromState = true;
        }
    }

    /// <summary>Makes the next epoch continue from a state.</summary>
    /// <param name="json">The state as JSON, ours or upstream's.</param>
    /// <exception cref="ResumeException">The text is not a state, or it does not fit the dataset.</exception>
    /// <remarks>Mirrors <c>streaming.StreamingDataLoader.load_state_dict</c>.</remarks>
    public void LoadStateDict(string json) => LoadStateDict(LoaderState.Parse(json));

    /// <summary>Stops everything, waits until no thread is left and frees all batches that are not detached. Further calls do
    /// nothing.</summary>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops everything, waits until no thread is left and frees all batches that are not detached. Further calls do
    /// nothing.</summary>
    /// <returns>A task that ends when all is given back.</returns>
    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable? epoch;
        lock (_epochLock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            epoch = _epoch;
        }

        GC.SuppressFinalize(this);
        if (epoch is not null)
        {
            await epoch.DisposeAsync().ConfigureAwait(false);
        }

        _workers?.RequestStop();
        _workers?.Join();
        _inline?.Dispose();
        _ring?.Dispose();
    }

    /// <summary>Starts the next epoch for a loop that gets batches in a form of its own.</summary>
    internal EpochEnumerator<TBatch> StartEpoch<TBatch>(IBatchDelivery<TBatch> delivery, CancellationToken cancellationToken)
        where TBatch : class
    {
        lock (_epochLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_epoch is { } previous)
            {
                previous.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }

            PrepareBuffers();
            var start = _source.BeginEpoch(BatchSize, _options.NumWorkers);
            EpochStarted?.Invoke(start);
            if (start.FirstSample > 0)
            {
                Log.Resuming(_logger, start.Epoch, start.FirstSample);
            }

            var run = CreateRun(start);
            var epoch = new EpochEnumerator<TBatch>(this, run, delivery, cancellationToken);
            (_run, _epoch) = (run, epoch);
            _goesOnFromState = false;
            _workers?.Assign(run.Schedule);
            Log.EpochStarted(_logger, start.Epoch, BatchSize, _options.FillThreads, _ring!.Slots.Length);
            return epoch;
        }
    }

    /// <summary>Gives one epoch, in a form of its own, without blocking a thread while a batch is not ready.</summary>
    internal async IAsyncEnumerable<TBatch> ReadEpochAsync<TBatch>(
        IBatchDelivery<TBatch> delivery, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TBatch : class
    {
        var batches = StartEpoch(delivery, cancellationToken);
        await using var disposal = batches.ConfigureAwait(false);
        while (await batches.MoveNextAsync().ConfigureAwait(false))
        {
            yield return batches.Current;
        }
    }

    /// <summary>Ends an epoch and everything that works on it.</summary>
    /// <returns>Whether it had not been ended before.</returns>
    internal async ValueTask<bool> EndEpochAsync(EpochRun run)
    {
        _workers?.Release(run.Schedule);
        if (!await run.StopAsync().ConfigureAwait(false))
        {
            return false;
        }

        Log.EpochEnded(_logger, run.Schedule.Epoch, run.BatchesYielded, run.SamplesYielded);
        return true;
    }

    private static int ChooseBatchSize(int? ofLoader, int? ofDataset)
    {
        if (ofLoader is { } given && ofDataset is { } known && given != known)
        {
            throw new ArgumentException(
                $"The loader's batch size {given} is not the dataset's {known}. The order depends on it: give it once, or twice the same.",
                nameof(ofLoader));
        }

        return ofLoader ?? ofDataset ?? throw new ArgumentException(
            "There is no batch size. Set BatchSize in the options of the dataset or of the loader.", nameof(ofLoader));
    }

    private EpochRun CreateRun(EpochStart start)
    {
        var schedule = new FillSchedule(start, _options.ErrorPolicy, consumerFills: _inline is not null);
        var prefetcher = new Prefetcher(
            OpenCursor(start),
            _source.Shards,
            schedule,
            _batches,
            _options.ConcurrentShards,
            _options.SampleFirstBatches,
            CreateReservations(start, schedule));
        var allowed = Math.Max(1, (long)(_options.MaxSkippedFraction * _source.EpochLength));
        return new EpochRun(schedule, prefetcher, _ring!, _inline, new SkipBudget(allowed, _statistics, _logger), _statistics);
    }

    private PrefetchReservations? CreateReservations(EpochStart start, FillSchedule schedule) => _source.CacheBudget is { } budget
        ? new PrefetchReservations(budget, new EvictionForecast(OpenCursor(start), BatchSize, _source.Shards.Spanner, schedule))
        : null;

    private BatchCursor OpenCursor(EpochStart start) =>
        _options.DropLast ? new FullBatchCursor(start.OpenCursor(), BatchSize) : start.OpenCursor();

    // Everything that is made once: buffers, threads, and the objects that carry batches through the pipeline.
    private void PrepareBuffers()
    {
        if (_ring is not null)
        {
            return;
        }

        var threads = _options.FillThreads;
        var slots = _options.PrefetchFactor + 1;
        var ring = new BatchRing(_transform.Columns, BatchSize, slots, _options.Allocator);

        // More than an epoch ahead there is nothing.
        var ahead = Math.Min(_source.Predownload ?? (8L * BatchSize), _source.EpochLength);
        var window = (int)Math.Clamp(1 + ((ahead + BatchSize - 1) / BatchSize), slots, int.MaxValue / 2);

        // About four chunks a thread and batch spread one batch over all threads, with little to wait for at its end.
        var hands = Math.Max(1, threads);
        var chunkRows = Math.Clamp((BatchSize + (4 * hands) - 1) / (4 * hands), 1, 64);
        var fillers = Enumerable.Range(0, hands)
            .Select(_ => new RowFiller(_transform.CreateWorker(), _source.Shards, _statistics)).ToArray();
        _batches.AddRange(Enumerable.Range(0, window).Select(_ => new PlannedBatch(BatchSize, chunkRows)));
        if (threads == 0)
        {
            _inline = fillers[0];
        }
        else
        {
            _workers = new FillWorkers(fillers);
        }

        _ring = ring;
    }

    // Runs on the finalizer's thread, so it only tells others to stop; the pool does what may wait.
    private void Abandon()
    {
        if (_run is { } run)
        {
            _workers?.Release(run.Schedule);
            run.BeginStop();
            ThreadPool.UnsafeQueueUserWorkItem(static ended => _ = ended.StopAsync().AsTask(), run, preferLocal: false);
        }

        _workers?.RequestStop();
    }
}
