// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TorchStreaming.Caching;
using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Sharded samples in object storage or on disk: read by number, or in a shuffled order that survives restarts and changes of
/// machine count through a <see cref="BatchLoader"/>.</summary>
/// <remarks>
/// <para>Opening reads the index of each stream, from the local directory or from the remote one. Shards are fetched when they are needed
/// and kept in the local directory, which several processes may share.</para>
/// <para>Reading samples is thread-safe. The epoch (<see cref="BeginEpoch"/>, state) is guarded by a lock, and one loop at a time should
/// drive it. Samples, epochs and loaders must be done before the dataset is disposed.</para>
/// <para>Mirrors <c>streaming.StreamingDataset</c>.</para>
/// </remarks>
public sealed partial class StreamingDataset : ILoaderSource, IDisposable, IAsyncDisposable
{
    private readonly ImmutableArray<OpenedStream> _streams;
    private readonly DatasetShards _shards;
    private readonly CacheBudget? _cacheBudget;
    private readonly Resumption _resumption;
    private readonly OrderWarnings _warnings;
    private readonly Lock _epochLock = new();
    private SampleOrder _order;
    private bool _disposed;

    private StreamingDataset(
        ImmutableArray<OpenedStream> streams, StreamingDatasetOptions options, World world, CacheBudget? cacheBudget)
    {
        _cacheBudget = cacheBudget;
        _streams = streams;
        Options = options;
        World = world;
        _order = new SampleOrder(OrderOptionsFactory.Create(streams, options));
        _shards = new DatasetShards(_order.Spanner, [.. streams.Select(static stream => stream.Shards)]);
        _resumption = new Resumption(world);
        _warnings = new OrderWarnings(options.LoggerFactory.CreateLogger<StreamingDataset>());
        Schemas = [.. streams.SelectMany(static stream => stream.Index.Shards.Schemas).Distinct()];
    }

    /// <summary>Gets the options as given.</summary>
    public StreamingDatasetOptions Options { get; }

    /// <summary>Gets where this process is among those that train together.</summary>
    public World World { get; }

    /// <summary>Gets the number of samples of all streams, which can be read by number.</summary>
    /// <remarks>Mirrors <c>streaming.StreamingDataset.size</c>.</remarks>
    public long Count => _shards.Spanner.SampleCount;

    /// <summary>Gets the samples of an epoch over all ranks: all of them, or what the streams' weights and the epoch size choose.</summary>
    /// <remarks>Mirrors <c>streaming.StreamingDataset.epoch_size</c>.</remarks>
    public long EpochSize => _order.EpochSize;

    /// <summary>Gets the samples of an epoch that this rank has: the epoch size divided by the ranks, rounded up.</summary>
    /// <remarks>Mirrors <c>len(streaming.StreamingDataset)</c>.</remarks>
    public long EpochLength => _order.GetLength(World);

    /// <summary>Gets the distinct column sets of the shards; one for most datasets.</summary>
    public ImmutableArray<ShardSchema> Schemas { get; }

    /// <summary>Gets the indexes of the streams, in order.</summary>
    public ImmutableArray<DatasetIndex> Indexes => [.. _streams.Select(static stream => stream.Index)];

    /// <summary>Gets the local directories of the streams, splits included, in order.</summary>
    public ImmutableArray<string> LocalDirectories => [.. _streams.Select(static stream => stream.Local)];

    /// <summary>Gets what the caches of all streams have done since the dataset was opened.</summary>
    public CacheStatistics CacheStatistics => CacheStatistics.Sum(_streams.Select(static stream => stream.Cache.Statistics));

    /// <summary>Gets the map from samples to shards.</summary>
    internal Spanner Spanner => _shards.Spanner;

    /// <summary>Gets how many samples each stream gives to an epoch, in the order of the streams.</summary>
    /// <remarks>Mirrors <c>Stream.choose</c> once a dataset is made.</remarks>
    public ImmutableArray<long> StreamEpochSizes => _order.Weights.Choose;

    /// <summary>Gets what each stream contributes to an epoch.</summary>
    internal StreamWeights Weights => _order.Weights;

    /// <summary>Opens a dataset in one place.</summary>
    /// <param name="location">A URI, or a directory of this machine. A directory is read in place unless
    /// <see cref="StreamingDatasetOptions.Local"/> names another one to copy shards to.</param>
    /// <param name="options">How to read, keep and order it; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">An option is out of its range or contradicts another.</exception>
    /// <exception cref="NotSupportedException">An option asks for what is not available yet; the message names it.</exception>
    /// <exception cref="StorageException">The index could not be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged, or there are no samples.</exception>
    /// <exception cref="CacheException">The local directory cannot be used.</exception>
    public static ValueTask<StreamingDataset> OpenAsync(
        string location, StreamingDatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        return OpenAsync([new DataStream { Remote = location, Local = options?.Local }], options, cancellationToken);
    }

    /// <summary>Opens a dataset that is mixed from several streams.</summary>
    /// <param name="streams">The streams, at least one.</param>
    /// <param name="options">How to read, keep and order them; <see langword="null"/> for the defaults.
    /// <see cref="StreamingDatasetOptions.Local"/> must not be given: each stream has its own.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync(string, StreamingDatasetOptions?, CancellationToken)" path="/exception"/>
    public static ValueTask<StreamingDataset> OpenAsync(
        IReadOnlyList<DataStream> streams, StreamingDatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streams);
        options ??= new StreamingDatasetOptions();
        return DatasetOpener.OpenAsync(
            streams, options, (opened, world, budget) => new StreamingDataset(opened, options, world, budget), cancellationToken);
    }

    /// <summary>Opens the dataset that the options name by <see cref="StreamingDatasetOptions.Streams"/>, or by
    /// <see cref="StreamingDatasetOptions.Remote"/> and <see cref="StreamingDatasetOptions.Local"/>.</summary>
    /// <param name="options">What to read, and how to keep and order it.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync(string, StreamingDatasetOptions?, CancellationToken)" path="/exception"/>
    public static ValueTask<StreamingDataset> OpenAsync(StreamingDatasetOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Streams is not null && (options.Remote is not null || options.Local is not null))
        {
            throw new ArgumentException(
                $"Give either {nameof(options.Streams)}, or {nameof(options.Remote)} and {nameof(options.Local)}.", nameof(options));
        }

        return OpenAsync(
            options.Streams ?? [new DataStream { Remote = options.Remote, Local = options.Local }], options, cancellationToken);
    }

    /// <summary>Opens the dataset that the options name, blocking.</summary>
    /// <param name="options">What to read, and how to keep and order it.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync(string, StreamingDatasetOptions?, CancellationToken)" path="/exception"/>
    public static StreamingDataset Open(StreamingDatasetOptions options) => OpenAsync(options).AsTask().GetAwaiter().GetResult();

    /// <summary>Opens a dataset in one place, blocking.</summary>
    /// <param name="location">A URI, or a directory of this machine.</param>
    /// <param name="options">How to read, keep and order it; <see langword="null"/> for the defaults.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync(string, StreamingDatasetOptions?, CancellationToken)" path="/exception"/>
    public static StreamingDataset Open(string location, StreamingDatasetOptions? options = null) =>
        OpenAsync(location, options).AsTask().GetAwaiter().GetResult();

    /// <summary>Opens a dataset that is mixed from several streams, blocking.</summary>
    /// <param name="streams">The streams, at least one.</param>
    /// <param name="options">How to read, keep and order them; <see langword="null"/> for the defaults.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync(string, StreamingDatasetOptions?, CancellationToken)" path="/exception"/>
    public static StreamingDataset Open(IReadOnlyList<DataStream> streams, StreamingDatasetOptions? options = null) =>
        OpenAsync(streams, options).AsTask().GetAwaiter().GetResult();

    /// <summary>Gets the directory that shards of a remote location are kept in when no local one is named:
    /// <c>torchstreaming/&lt;digest&gt;</c> in <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c> (Linux), <c>~/Library/Caches</c> (macOS) or the
    /// local application data (Windows).</summary>
    /// <param name="remote">The remote location, without the split.</param>
    /// <returns>The directory, the same in every run.</returns>
    /// <exception cref="ArgumentException">The location is empty.</exception>
    public static string GetDefaultLocal(string remote)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(remote);
        return UserCache.GetFolder(remote);
    }

    /// <summary>Makes a shard resident ahead of its use.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the shard is resident.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    /// <inheritdoc cref="GetSampleAsync" path="/exception"/>
    /// <remarks>Mirrors <c>streaming.StreamingDataset.prepare_shard</c>.</remarks>
    public async ValueTask PrepareShardAsync(int shard, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var (cache, number) = _shards.Resolve(shard);
        using var lease = await cache.LeaseAsync(number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins the next epoch, or the rest of the one of a loaded state: decides its order and moves the dataset's epoch on. A
    /// <see cref="BatchLoader"/> does this by itself.</summary>
    /// <param name="batchSize">The samples in a batch; <see langword="null"/> for the dataset's.</param>
    /// <param name="workers">The logical workers that take turns; 0 counts as 1.</param>
    /// <returns>What this rank sees of the epoch.</returns>
    /// <exception cref="ArgumentException">There is no batch size, or options and world do not fit each other.</exception>
    /// <exception cref="ResumeException">The loaded state does not fit the dataset, its options or the world.</exception>
    public EpochOrder BeginEpoch(int? batchSize = null, int workers = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        var size = batchSize ?? Options.BatchSize
            ?? throw new ArgumentException(
                "There is no batch size. Set BatchSize in the options of the dataset or of the loader.", nameof(batchSize));
        lock (_epochLock)
        {
            if (_order.Options.BatchSize != size)
            {
                _order = new SampleOrder(_order.Options with { BatchSize = size });
            }

            var plan = _order.PlanEpoch(World, _resumption.PlanNext(_order), workers);
            _resumption.Begin(plan.Start, hasWorkers: workers > 0);
            _warnings.Tell(plan, size, Options.Predownload);
            return plan;
        }
    }

    /// <summary>Gets where the run is.</summary>
    /// <param name="samples">How many samples all ranks together have had.</param>
    /// <param name="fromBeginning">Whether they are counted from the beginning of the epoch rather than from where it was resumed.</param>
    /// <returns>The state, with upstream's keys when written as JSON; its epoch is -1 before the first one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples is below 0.</exception>
    /// <remarks>Mirrors <c>streaming.StreamingDataset.state_dict(num_samples, from_beginning)</c>.</remarks>
    public LoaderState StateDict(long samples, bool fromBeginning)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        lock (_epochLock)
        {
            return _resumption.GetState(_order, samples, fromBeginning);
        }
    }

    /// <summary>Makes the next epoch continue from a state, whatever the dataset did before: upstream ignores states of epochs that it has
    /// begun, here they take the run back.</summary>
    /// <param name="state">The state, also of another world or of an upstream run.</param>
    /// <remarks>The state's canonical nodes and seed replace those of the options. Mirrors
    /// <c>streaming.StreamingDataset.load_state_dict</c>.</remarks>
    public void LoadStateDict(LoaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_epochLock)
        {
            _resumption.Load(state);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Counted.Of(Count, "sample")} in {Counted.Of(Spanner.ShardCount, "shard")}; an epoch has {EpochSize}, {EpochLength} of them on rank {World.Rank}";

    /// <summary>Closes all shards and stores. Further calls do nothing.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Closes all shards and stores. Further calls do nothing.</summary>
    /// <returns>A task that ends when they are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            foreach (var stream in _streams)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    DatasetShards ILoaderSource.Shards => _shards;

    int? ILoaderSource.BatchSize => Options.BatchSize;

    int? ILoaderSource.Predownload => Options.Predownload;

    CacheBudget? ILoaderSource.CacheBudget => _cacheBudget;

    ILoggerFactory ILoaderSource.LoggerFactory => Options.LoggerFactory;

    EpochStart ILoaderSource.BeginEpoch(int batchSize, int workers)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var plan = BeginEpoch(batchSize, workers);
        return new EpochStart(plan.Epoch, unchecked((long)plan.Start.ShuffleSeed), plan.Start.SampleInEpoch, batchSize, plan.OpenCursor);
    }

    LoaderState ILoaderSource.StateDict(long samplesYielded) =>
        StateDict(checked(samplesYielded * World.RankCount) / (Options.Replication ?? 1), fromBeginning: false);
}
