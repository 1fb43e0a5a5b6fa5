// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Caching;
using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>A dataset in the first streaming format of Composer (2022): read by number, iterated, or given to a loader, in the order that
/// Composer gave it.</summary>
/// <remarks>
/// <para>Devices and workers have fixed parts (<see cref="LegacyPartition"/>), which they go through in order or shuffled. The order of a
/// <see cref="StreamingDataset"/>, which reads such directories too, is another one: it mixes the whole dataset and fits any number of
/// machines.</para>
/// <para>Reading samples is thread-safe. Epochs are begun one at a time. What <c>docs/formats/composer-legacy.md</c> lists differs from
/// Composer on purpose. Mirrors <c>composer.datasets.streaming.StreamingDataset</c>.</para>
/// </remarks>
public sealed partial class LegacyStreamingDataset : ILoaderSource, IDisposable, IAsyncDisposable
{
    private const int ConcurrentDownloads = 4;

    private readonly OpenedStream _stream;
    private readonly CacheBudget? _budget;
    private readonly LegacyOrder _order;
    private readonly LegacySampleDecoder _decoder;
    private readonly DatasetShards _shards;
    private readonly LegacyProgress _progress;
    private readonly Lock _epochLock = new();
    private bool _disposed;

    private LegacyStreamingDataset(OpenedStream stream, CacheBudget? budget, LegacyStreamingDatasetOptions options, World world)
    {
        _stream = stream;
        _budget = budget;
        Options = options;
        World = world;
        var spanner = new Spanner([new StreamShape { ShardSizes = stream.Index.Shards.GetSampleCounts() }]);
        _order = new LegacyOrder(spanner, world, options.Shuffle, options.BatchSize);
        _shards = new DatasetShards(spanner, [stream.Shards]);
        _decoder = LegacySampleDecoder.Create(stream.Index, options.Decoders);
        _progress = new LegacyProgress(_order, options.ShuffleSeed, world);
    }

    /// <summary>Gets the options as given.</summary>
    public LegacyStreamingDatasetOptions Options { get; }

    /// <summary>Gets where this process is among those that train together.</summary>
    public World World { get; }

    /// <summary>Gets the shards and their fields.</summary>
    public DatasetIndex Index => _stream.Index;

    /// <summary>Gets the local directory that files are kept in.</summary>
    public string LocalDirectory => _stream.Local;

    /// <summary>Gets how many samples of an epoch this device has: all samples divided by the devices, rounded up.</summary>
    /// <remarks>Mirrors <c>len(dataset)</c>. Ids go up to <see cref="Size"/>.</remarks>
    public long Count => _order.SamplesPerDevice;

    /// <summary>Gets the number of samples of the whole dataset.</summary>
    public long Size => _shards.Spanner.SampleCount;

    /// <summary>Gets the map from samples to shards.</summary>
    internal Spanner Spanner => _shards.Spanner;

    /// <summary>Gets what the cache has done since the dataset was opened.</summary>
    public CacheStatistics CacheStatistics => _stream.CacheStatistics;

    /// <summary>Reads and decodes a sample, blocking while its shard is fetched.</summary>
    /// <param name="index">Its number in the whole dataset, from 0, or from the end if negative.</param>
    /// <returns>A value for each field, in the order of the decoders.</returns>
    /// <inheritdoc cref="GetItemAsync" path="/exception"/>
    public OrderedDictionary<string, object?> this[long index]
    {
        get
        {
            var item = GetItemAsync(index);
            return item.IsCompletedSuccessfully ? item.Result : item.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Opens a dataset: brings its index. Shards are fetched when they are needed.</summary>
    /// <param name="options">Where it is and how to read it.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The dataset, which the caller disposes. One without samples is no error.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or a field does not exist.</exception>
    /// <exception cref="StorageException">The index could not be read. That <c>compression.txt</c> does not exist is no error; that it may
    /// not be read is.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    /// <exception cref="CacheException">The local directory cannot be used, or the dataset is compressed and would have to be
    /// decompressed where it is.</exception>
    public static ValueTask<LegacyStreamingDataset> OpenAsync(
        LegacyStreamingDatasetOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRetries, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.BatchSize ?? 0, nameof(options));
        var streaming = new StreamingDatasetOptions
        {
            DownloadRetry = checked(options.MaxRetries + 1),
            DownloadTimeout = options.Timeout,
            KeepZip = options.KeepZip,
            CacheLimit = options.CacheLimit,
            Predownload = options.Predownload,
            World = options.World ?? World.FromEnvironment(),
            Stores = options.Stores,
            StoreOptions = options.StoreOptions,
            LoggerFactory = options.LoggerFactory,
            TimeProvider = options.TimeProvider,
        };
        DatasetOptionsValidation.Validate(streaming);
        var stream = new DataStream
        {
            Remote = options.Remote,
            Local = options.Local,
            IndexFormat = DatasetIndexFormat.Legacy,
            LegacyEncodings = options.Encodings,
        };
        return OpenAsync(ResolvedStream.Resolve(stream, streaming), streaming, options, cancellationToken);
    }

    /// <summary>Opens a dataset, blocking.</summary>
    /// <param name="options">Where it is and how to read it.</param>
    /// <returns>The dataset, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync(LegacyStreamingDatasetOptions, CancellationToken)" path="/exception"/>
    public static LegacyStreamingDataset Open(LegacyStreamingDatasetOptions options) =>
        OpenAsync(options).AsTask().GetAwaiter().GetResult();

    /// <summary>Gets the part of the dataset that a worker of this device goes through.</summary>
    /// <param name="worker">The worker, from 0.</param>
    /// <param name="workers">The number of workers; 0 counts as 1.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such worker.</exception>
    /// <remarks>Mirrors <c>StreamingDatasetIndex.get_partition</c>.</remarks>
    internal LegacyPartition GetPartition(int worker = 0, int workers = 1) => _order.GetPartition(worker, workers);

    /// <summary>Reads and decodes a sample; its shard is fetched if it is not resident.</summary>
    /// <param name="index">Its number in the whole dataset, from 0, or from the end if negative.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A value for each field, in the order of the decoders.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="StorageException">The shard could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">The shard is damaged.</exception>
    /// <exception cref="SampleDecodeException">The sample is damaged, or its decoder failed.</exception>
    /// <exception cref="CacheException">The local directory cannot be used.</exception>
    /// <remarks>Mirrors <c>dataset[index]</c>, which never downloads.</remarks>
    public async ValueTask<OrderedDictionary<string, object?>> GetItemAsync(long index, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var id = index < 0 ? index + Size : index;
        if (id < 0 || id >= Size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"The dataset has {Size} samples, from 0 on, or from the end down to {-Size}.");
        }

        var (shard, place) = _shards.Spanner.Find(id);
        using var lease = await _stream.Cache.LeaseAsync(shard, cancellationToken).ConfigureAwait(false);
        return Decode(lease, place, id);
    }

    /// <summary>Makes the shards of a worker's part resident.</summary>
    /// <param name="worker">The worker, from 0.</param>
    /// <param name="workers">The number of workers; 0 counts as 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A task that ends when all of them are resident, or fails with the first one that could not be fetched.</returns>
    /// <inheritdoc cref="GetItemAsync" path="/exception"/>
    /// <remarks>Mirrors <c>dataset.download()</c>.</remarks>
    public Task DownloadAsync(int worker = 0, int workers = 1, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var part = GetPartition(worker, workers);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentDownloads, CancellationToken = cancellationToken };
        return Parallel.ForAsync(
            part.FirstShard, part.FirstShard + part.ShardCount, parallel, (shard, token) => _stream.PrepareShardAsync(shard, token));
    }

    /// <summary>Goes through this device's part of the next epoch, blocking while a shard is fetched; further shards are fetched
    /// meanwhile.</summary>
    /// <returns>The decoded samples.</returns>
    /// <inheritdoc cref="GetItemAsync" path="/exception"/>
    /// <remarks>Mirrors <c>iter(dataset)</c> outside of a loader.</remarks>
    public IEnumerable<OrderedDictionary<string, object?>> ReadEpoch()
    {
        var samples = ReadEpochAsync().GetAsyncEnumerator();
        try
        {
            while (samples.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                yield return samples.Current;
            }
        }
        finally
        {
            samples.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Goes through this device's part of the next epoch; shards are fetched ahead, all of the part's at once if there is no
    /// cache limit.</summary>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <returns>The decoded samples.</returns>
    /// <inheritdoc cref="GetItemAsync" path="/exception"/>
    public async IAsyncEnumerable<OrderedDictionary<string, object?>> ReadEpochAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var cursor = ((ILoaderSource)this).BeginEpoch(batchSize: 1, workers: 0).OpenCursor();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // A failure in there is met again by whoever needs the shard, and reported there.
        var download = _budget is null ? DownloadAsync(cancellationToken: ending.Token) : Task.CompletedTask;
        var ids = new long[1];
        ShardLease? lease = null;
        try
        {
            while (cursor.ReadBatch(ids) > 0)
            {
                var (shard, place) = _shards.Spanner.Find(ids[0]);
                if (lease?.Shard != shard)
                {
                    lease?.Dispose();
                    lease = null;
                    lease = await _stream.Cache.LeaseAsync(shard, cancellationToken).ConfigureAwait(false);
                }

                yield return Decode(lease, place, ids[0]);
            }
        }
        finally
        {
            lease?.Dispose();
            await ending.CancelAsync().ConfigureAwait(false);
            await download.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Counted.Of(Size, "sample")} in {Counted.Of(Index.ShardCount, "shard")}, Composer's legacy format; {Count} of an epoch on rank {World.Rank}";

    /// <summary>Closes all shards and the store. Further calls do nothing.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Closes all shards and the store. Further calls do nothing.</summary>
    /// <returns>A task that ends when they are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<LegacyStreamingDataset> OpenAsync(
        ResolvedStream resolved,
        StreamingDatasetOptions streaming,
        LegacyStreamingDatasetOptions options,
        CancellationToken cancellationToken)
    {
        var (stream, budget) = await DatasetOpener.OpenLegacyStreamAsync(resolved, streaming, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!stream.Cache.HasRemote && stream.Index.Shards.Any(static shard => shard.Compression is not null))
            {
                throw new CacheException(
                    stream.Local,
                    $"The dataset in '{stream.Local}' is compressed and cannot be decompressed where it is. "
                    + $"Name it as {nameof(options.Remote)}, and another directory as {nameof(options.Local)}.");
            }

            return new LegacyStreamingDataset(stream, budget, options, streaming.World!);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private OrderedDictionary<string, object?> Decode(ShardLease lease, int place, long id)
    {
        try
        {
            return _decoder.Decode(lease.Reader, place);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ObjectDisposedException))
        {
            throw SampleErrors.AddPlace(exception, _shards.Describe(lease.Shard), place, id);
        }
    }
}
