// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>The shards of one stream in a local directory: fetched from a store when they are asked for, shared by everybody who asks, and
/// found again by the next run.</summary>
/// <remarks>Thread-safe, and safe for several processes on one directory. Callers that ask for one shard at a time share the work; a
/// failure reaches each of them, and the next call tries again. A file of the size that the index gives is trusted to be whole, unless it
/// turns out not to be a shard. Without a remote, or where the remote is the directory itself, nothing is ever deleted or replaced except
/// what was decompressed. Mirrors
/// <c>streaming.Stream.prepare_shard</c> and <c>set_up_local</c>.</remarks>
internal sealed class ShardCache : IShardCache, ISampleLeasing
{
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<ShardInfo> _shards;
    private readonly ShardFetcher _fetcher;
    private readonly ShardCacheOptions _options;
    private readonly CacheCounters _counters;
    private readonly ILogger _logger;
    private readonly OpenShardPool _pool;
    private readonly CacheBudget? _budget;
    private readonly Dictionary<int, InFlightFetch> _inFlight = [];
    private readonly HashSet<InFlightFetch> _running = [];
    private bool _isDisposed;

    private ShardCache(
        IReadOnlyList<ShardInfo> shards,
        ShardFetcher fetcher,
        ShardCacheOptions options,
        CacheCounters counters,
        ILogger logger,
        CacheBudget? budget)
    {
        _budget = budget;
        _shards = shards;
        _fetcher = fetcher;
        _options = options;
        _counters = counters;
        _logger = logger;

        // An open file takes its room until it is closed, and what is idle must be there for other processes to evict.
        _pool = new OpenShardPool(budget is null ? options.OpenShardLimit : 0);
    }

    /// <summary>Gets what has been done so far.</summary>
    public CacheStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _counters.ToStatistics(_pool.Count);
            }
        }
    }

    /// <summary>Gets whether shards come from a remote that is not the directory itself.</summary>
    internal bool HasRemote => _fetcher.HasRemote;

    /// <summary>Opens a cache: finds out what is resident and cleans up what ended processes left behind.</summary>
    /// <param name="directory">The local directory of the stream or split; made when the first file is written.</param>
    /// <param name="shards">The shards, as the index has them.</param>
    /// <param name="remote">Where the files come from, rooted at the stream or split; not disposed with the cache. <see langword="null"/>
    /// when
    /// <paramref name="directory"/> holds the only copy.</param>
    /// <param name="options">How to download, check and keep; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The cache, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The hash to validate is unknown, or the limit is too small.</exception>
    /// <exception cref="ShardFormatException">The index names a file outside the directory, or lacks the hash to validate.</exception>
    /// <exception cref="CacheException">The directory cannot be used, or files are missing and it is read only.</exception>
    public static ValueTask<ShardCache> OpenAsync(
        string directory,
        IReadOnlyList<ShardInfo> shards,
        IObjectStore? remote,
        ShardCacheOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(shards);
        return OpenAsync(directory, shards, remote, options ?? new ShardCacheOptions(), sharedBudget: null, cancellationToken);
    }

    /// <summary>Opens a cache of several that have one budget together, which takes the place of
    /// <see cref="ShardCacheOptions.CacheLimit"/>.</summary>
    internal static async ValueTask<ShardCache> OpenAsync(
        string directory,
        IReadOnlyList<ShardInfo> shards,
        IObjectStore? remote,
        ShardCacheOptions options,
        CacheShare? sharedBudget,
        CancellationToken cancellationToken)
    {
        if (options.ValidateHash is { } hash)
        {
            using var _ = ShardHashes.Create(hash);
        }

        var root = new CacheDirectory(directory);
        if (remote is not null && root.IsSameAs(remote))
        {
            remote = null;
        }

        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ShardCache>();
        var counters = new CacheCounters();
        var downloader = remote is null ? null : CreateDownloader(remote, options, counters);
        var share = remote is null ? null : sharedBudget ?? CreateShare(options);
        var owners = new ShardOwners(shards);
        var limited = share is null ? null : new LimitedDirectory(root, shards, owners, share.FirstShard, counters, logger);
        var fetcher = new ShardFetcher(root, downloader, options, counters, logger, share?.Budget, limited);
        var start = new CacheStartup(root, fetcher, shards, owners, options, logger);
        var found = await Task.Run(() => start.Reconcile(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (remote is not null && found.ResidentShards < shards.Count && !root.Probe())
        {
            Log.NoLocks(logger, root.Root);
        }

        share?.Budget.Add(limited!);
        if (share is not null && sharedBudget is null)
        {
            share.Budget.ThrowIfTooSmall();
        }

        counters.AddResident(found.Bytes);
        if (share is not null && sharedBudget is null)
        {
            await share.Budget.TrimAsync(cancellationToken).ConfigureAwait(false);
        }

        Log.Opened(logger, root.Root, remote?.Location ?? "local data", found.ResidentShards, shards.Count, found.Bytes);
        return new ShardCache(shards, fetcher, options, counters, logger, share?.Budget);
    }

    /// <inheritdoc/>
    public ValueTask<ShardLease> LeaseAsync(int shard, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, _shards.Count);
        cancellationToken.ThrowIfCancellationRequested();
        InFlightFetch? fetch;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_pool.TryLease(shard, out var open))
            {
                _counters.CountRequest(LeaseOutcome.Hit);
                return new ValueTask<ShardLease>(new OpenShardLease(this, open));
            }

            if (_inFlight.TryGetValue(shard, out fetch))
            {
                _counters.CountRequest(LeaseOutcome.Wait);
            }
            else
            {
                fetch = new InFlightFetch();
                _inFlight.Add(shard, fetch);
                _running.Add(fetch);
                var started = fetch;
                fetch.Task = Task.Run(() => FetchAsync(shard, started), CancellationToken.None);
            }

            fetch.Waiters++;
        }

        return WaitAsync(shard, fetch, cancellationToken);
    }

    /// <summary>Ends all work at once and closes what nobody leases; leased readers close with their last lease.</summary>
    /// <returns>A task that ends when the work has ended.</returns>
    public async ValueTask DisposeAsync()
    {
        InFlightFetch[] fetches;
        List<OpenShard>? closed;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            fetches = [.. _running];
            closed = _pool.Close();
        }

        foreach (var fetch in fetches)
        {
            fetch.Cancel();
        }

        foreach (var fetch in fetches)
        {
            // Its waiters have the failure.
            await ((Task)fetch.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        CloseReaders(closed);
        if (_budget is not null)
        {
            await _budget.WhenTrimmed.ConfigureAwait(false);
        }

        _counters.Close();
    }

    bool ISampleLeasing.CanLeaseSamples(int shard)
    {
        if (_fetcher.Samples?.CanFetch(_shards[shard]) != true)
        {
            return false;
        }

        lock (_gate)
        {
            if (_isDisposed || _pool.IsOpen(shard) || _inFlight.ContainsKey(shard))
            {
                return false;
            }
        }

        return !_fetcher.IsResident(_fetcher.Locate(_shards[shard]));
    }

    async ValueTask<ShardLease?> ISampleLeasing.TryLeaseSamplesAsync(
        int shard, IReadOnlyCollection<int> samples, CancellationToken cancellationToken) =>
        await _fetcher.Samples!.TryFetchAsync(_shards[shard], samples, cancellationToken).ConfigureAwait(false) is { } found
        ? new SampleLease(shard, found)
        : null;

    /// <summary>Ends a lease.</summary>
    internal void Release(OpenShard open)
    {
        List<OpenShard>? closed;
        lock (_gate)
        {
            closed = _pool.Release(open);
        }

        CloseReaders(closed);
    }

    private static ObjectDownloader CreateDownloader(IObjectStore remote, ShardCacheOptions options, CacheCounters counters)
    {
        var scheduler = SharedTransfers.Get(remote.Location, options.TimeProvider);
        var retrying = new RetryingObjectStore(remote, options.RetryPolicy, options.TimeProvider, options.LoggerFactory, ownsInner: false)
        {
            AttemptFailed = error =>
            {
                scheduler.ObserveFailure(error);
                if (error.IsTransient)
                {
                    counters.Transfers.CountFailure();
                }
            },
        };
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ObjectDownloader>();
        return new ObjectDownloader(retrying, scheduler, counters.Transfers, logger);
    }

    private static CacheShare? CreateShare(ShardCacheOptions options) =>
        options.CacheLimit is { Bytes: > 0 } limit ? new CacheShare(new CacheBudget(limit, options), FirstShard: 0) : null;

    private void CloseReaders(List<OpenShard>? closed)
    {
        foreach (var open in closed ?? [])
        {
            open.Dispose();
        }

        if (closed is not null && !Volatile.Read(ref _isDisposed))
        {
            _budget?.EndLease();
        }
    }

    private async ValueTask<ShardLease> WaitAsync(int shard, InFlightFetch fetch, CancellationToken cancellationToken)
    {
        try
        {
            return new OpenShardLease(this, await fetch.Task.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Leave(shard, fetch);
            throw;
        }
        catch (OperationCanceledException)
        {
            // Nobody who waits cancels the work; only disposal does.
            throw new ObjectDisposedException(nameof(ShardCache));
        }
    }

    /// <summary>Takes a caller out of those who wait. The last one ends the work.</summary>
    private void Leave(int shard, InFlightFetch fetch)
    {
        List<OpenShard>? closed = null;
        var isLast = false;
        lock (_gate)
        {
            if (fetch.Arrived is { } open)
            {
                closed = _pool.Release(open);
            }
            else if (--fetch.Waiters == 0)
            {
                // The next caller starts again instead of joining work that ends.
                isLast = Forget(shard, fetch);
            }
        }

        if (isLast)
        {
            fetch.Cancel();
        }

        CloseReaders(closed);
    }

    private bool Forget(int shard, InFlightFetch fetch) =>
        _inFlight.TryGetValue(shard, out var current) && ReferenceEquals(current, fetch) && _inFlight.Remove(shard);

    private async Task<OpenShard> FetchAsync(int shard, InFlightFetch fetch)
    {
        try
        {
            var start = _options.TimeProvider.GetTimestamp();
            var (open, outcome) = await OpenShardAsync(shard, fetch.CancellationToken).ConfigureAwait(false);
            List<OpenShard>? closed;
            lock (_gate)
            {
                if (!Forget(shard, fetch) || _isDisposed)
                {
                    open.Dispose();
                    throw new OperationCanceledException();
                }

                closed = _pool.Add(open, fetch.Waiters);
                fetch.Arrived = open;
                _counters.CountRequest(outcome);
            }

            CloseReaders(closed);
            Log.Resident(_logger, open.Reader.Location, _options.TimeProvider.GetElapsedTime(start));
            return open;
        }
        finally
        {
            lock (_gate)
            {
                Forget(shard, fetch);
                _running.Remove(fetch);
            }
        }
    }

    private async ValueTask<(OpenShard Shard, LeaseOutcome Outcome)> OpenShardAsync(int shard, CancellationToken cancellationToken)
    {
        var place = _fetcher.Locate(_shards[shard]);

        // Before the first look at the files, so that what is found there stays.
        var pin = await _fetcher.PinAsync(place, cancellationToken).ConfigureAwait(false);
        try
        {
            var (reader, outcome) = await OpenReaderAsync(_shards[shard], place, cancellationToken).ConfigureAwait(false);
            return (new OpenShard(shard, reader, pin, _options.TimeProvider), outcome);
        }
        catch
        {
            pin?.Dispose();
            throw;
        }
    }

    private async ValueTask<(ShardReader Reader, LeaseOutcome Outcome)> OpenReaderAsync(
        ShardInfo shard, ShardPlace place, CancellationToken cancellationToken)
    {
        var outcome = await _fetcher.FetchAsync(place, refetch: false, cancellationToken).ConfigureAwait(false);
        try
        {
            return (ShardReaders.Open(shard, place.RawPaths), outcome);
        }
        catch (TorchStreamingException error) when (CanRepair(error, outcome))
        {
            // A file of the right size need not be whole: a loss of power leaves such files, since publishing does not flush them.
            Log.Damaged(_logger, place.Files[^1].RawPath, error.Message);
            await _fetcher.FetchAsync(place, refetch: error is ShardFormatException, cancellationToken).ConfigureAwait(false);
            return (ShardReaders.Open(shard, place.RawPaths), LeaseOutcome.Miss);
        }
    }

    private bool CanRepair(TorchStreamingException error, LeaseOutcome outcome) =>
        _fetcher.HasRemote && outcome == LeaseOutcome.Hit
        && error is ShardFormatException or StorageException { Kind: StorageErrorKind.NotFound };
}
