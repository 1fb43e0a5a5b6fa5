// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TorchStreaming.Caching;

/// <summary>Keeps the resident shards of one dataset within its limit, together with all processes that use its directories.</summary>
/// <remarks>
/// <para>Thread-safe. Whoever needs room takes the directory's limit lock, reads what is there and what is in flight, and evicts: what
/// no forecast of this process knows first, the least recently used of it before the others; then what is needed furthest ahead. What
/// somebody leases, in any process, and what is about to be used stays.</para>
/// <para>A shard that somebody waits for comes even when there is no room left to make: the limit is then exceeded by what is leased,
/// instead of waiting indefinitely. Those who work ahead ask <see cref="TryReserveAsync"/> and wait.</para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles they hold nothing.")]
internal sealed class CacheBudget(ByteSize limit, ShardCacheOptions options)
{
    // Leases that other processes end are noticed after this time.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<CacheBudget>();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<LimitedDirectory> _directories = [];
    private readonly Lock _lock = new();
    private readonly List<IShardForecast> _forecasts = [];
    private readonly HashSet<CacheReservation> _reservations = [];
    private readonly BackgroundTrim _background = new();
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;
    private bool _hasExceeded;

    // While the number in the lock file is this one, no other process has taken room since, and there are no more bytes than these.
    private long _stamp = -1;
    private long _mostBytes;

    /// <summary>Gets a task that ends with the next lease that ends in this process, or the next <see cref="SignalChange"/>.</summary>
    public Task WhenChanged => Volatile.Read(ref _change).Task;

    /// <summary>Gets a task that ends when nothing is evicted in the background.</summary>
    public Task WhenTrimmed => _background.WhenIdle;

    /// <summary>Adds a directory; all of them before the first shard is asked for.</summary>
    public void Add(LimitedDirectory directory) => _directories.Add(directory);

    /// <summary>Refuses a limit that upstream refuses, too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit does not hold the index files or four shards of the largest
    /// size.</exception>
    public void ThrowIfTooSmall()
    {
        var index = _directories.Sum(static directory => directory.IndexBytes);
        var largest = _directories.Count == 0 ? 0 : _directories.Max(static directory => directory.LargestShard);
        if (_directories.Count > 0 && (limit.Bytes <= index || limit.Bytes / 4 < largest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ShardCacheOptions.CacheLimit),
                limit,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{nameof(ShardCacheOptions.CacheLimit)} is {limit.Bytes} bytes. It must be more than the index files take "
                        + $"({index} bytes) and at least four times the largest shard with its compressed form "
                        + $"(4 × {largest} = {4 * (decimal)largest} bytes)."));
        }
    }

    /// <summary>Evicts what is too much: left by an earlier run with a larger limit, or leased until now.</summary>
    public async ValueTask TrimAsync(CancellationToken cancellationToken)
    {
        if (_directories.Count == 0)
        {
            return;
        }

        try
        {
            await MakeRoomAsync(null, 0, arrives: false, static hasRoom => hasRoom, cancellationToken).ConfigureAwait(false);
        }
        catch (TorchStreamingException)
        {
            // A directory that cannot be written does not grow either; whoever needs to write will hear of it.
        }
    }

    /// <summary>Looks into the future from now on.</summary>
    public void AddForecast(IShardForecast forecast)
    {
        lock (_lock)
        {
            _forecasts.Add(forecast);
        }
    }

    /// <summary>Forgets a future that has passed.</summary>
    public void RemoveForecast(IShardForecast forecast)
    {
        lock (_lock)
        {
            _forecasts.Remove(forecast);
        }
    }

    /// <summary>Wakes those who wait for room: something may have become evictable.</summary>
    public void SignalChange() =>
        Interlocked.Exchange(ref _change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Wakes those who wait for room, and takes back in the background what the leases have exceeded the limit by.</summary>
    public void EndLease()
    {
        SignalChange();
        if (Volatile.Read(ref _isOver))
        {
            _background.Request(this);
        }
    }

    /// <summary>Waits for a change in this process, or a moment for one in another.</summary>
    /// <param name="change"><see cref="WhenChanged"/>, read before the last look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask AwaitChangeAsync(Task change, CancellationToken cancellationToken)
    {
        await change.WaitAsync(LongestPause, options.TimeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Reserves room for a shard ahead of its lease, evicting if need be.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <param name="isUrgent">Whether somebody waits for it, so that it may exceed the limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The reservation, to be disposed when the shard is leased; <see langword="null"/> when there is no room.</returns>
    public async ValueTask<CacheReservation?> TryReserveAsync(int shard, bool isUrgent, CancellationToken cancellationToken)
    {
        var directory = _directories.Find(each => shard >= each.FirstShard && shard < each.FirstShard + each.ShardCount);
        if (directory is null || directory.IsWhole(shard - directory.FirstShard))
        {
            return CacheReservation.None;
        }

        return await MakeRoomAsync(
            directory,
            shard - directory.FirstShard,
            arrives: false,
            hasRoom => hasRoom || isUrgent ? Reserve(directory, shard - directory.FirstShard) : null,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes room for a shard whose lock the caller holds, or exceeds the limit where none can be made.</summary>
    /// <returns>The room, to be disposed when the shard has arrived or failed.</returns>
    public async ValueTask<ArrivingShard> ReserveArrivalAsync(LimitedDirectory directory, int shard, CancellationToken cancellationToken) =>
        await MakeRoomAsync(
            directory,
            shard,
            arrives: true,
            hasRoom =>
            {
                ReportExcess(hasRoom);
                return directory.Mark(shard);
            },
            cancellationToken).ConfigureAwait(false);

    /// <summary>Ends a reservation.</summary>
    public void End(CacheReservation reservation)
    {
        lock (_lock)
        {
            _reservations.Remove(reservation);
        }
    }

    private CacheReservation Reserve(LimitedDirectory directory, int shard)
    {
        var reservation = new CacheReservation(this, directory, shard);
        lock (_lock)
        {
            _reservations.Add(reservation);
        }

        return reservation;
    }

    private void ReportExcess(bool hasRoom)
    {
        if (!hasRoom && !Interlocked.Exchange(ref _hasExceeded, true))
        {
            Log.LimitExceeded(_logger, limit);
        }
    }

    private async ValueTask<T> MakeRoomAsync<T>(
        LimitedDirectory? directory, int shard, bool arrives, Func<bool, T> finish, CancellationToken cancellationToken)
    {
        // Within the process there is a queue, so that only processes poll for each other's lock.
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var held = await FileLock.AcquireAsync(
                _directories[0].LimitLockPath, options.LockTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            using (held)
            {
                return finish(MakeRoom(held, directory, shard, arrives, cancellationToken));
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool MakeRoom(FileLock held, LimitedDirectory? directory, int shard, bool arrives, CancellationToken cancellationToken)
    {
        var stamp = held.ReadNumber();
        var reservations = GetReservations(directory, shard);
        var need = directory?.GetFullBytes(shard) ?? 0;
        var reserved = reservations.Sum(static reservation => reservation.Directory!.GetFullBytes(reservation.Shard));
        var hasRoom = stamp == _stamp && _mostBytes + reserved + need <= limit.Bytes;
        if (!hasRoom)
        {
            var usages = _directories.ConvertAll(each => each.Measure(cancellationToken));
            need = directory is null ? 0 : usages.First(usage => usage.Directory == directory).GetMissingBytes(shard);
            reserved = reservations.Sum(reservation => usages.First(usage => usage.Directory == reservation.Directory).GetMissingBytes(reservation.Shard));
            _stamp = stamp;
            _mostBytes = usages.Sum(static usage => usage.Bytes);
            hasRoom = _mostBytes + reserved + need <= limit.Bytes || Evict(usages, reservations, (directory, shard), limit.Bytes - reserved - need);
        }

        if (arrives)
        {
            _mostBytes += need;
            held.WriteNumber(_stamp = stamp + 1);
        }

        Volatile.Write(ref _isOver, _mostBytes > limit.Bytes);
        return hasRoom;
    }

    /// <summary>Evicts until no more than so many bytes are left.</summary>
    /// <returns>Whether there are no more.</returns>
    private bool Evict(
        List<DirectoryUsage> usages, CacheReservation[] reservations, (LimitedDirectory? Directory, int Shard) wanted, long allowed)
    {
        var kept = reservations.Select(static reservation => (reservation.Directory, reservation.Shard)).Append(wanted).ToHashSet();
        var forecasts = GetForecasts();
        var candidates = usages
            .SelectMany(static usage => usage.Resident)
            .Where(shard => !kept.Contains((shard.Directory, shard.Number)))
            .Select(shard => (Shard: shard, NextUse: GetNextUse(forecasts, shard), LastUse: shard.Directory.GetLastUse(shard)))
            .Where(static candidate => candidate.NextUse > 0)
            .OrderByDescending(static candidate => candidate.NextUse)
            .ThenBy(static candidate => candidate.LastUse);
        foreach (var (shard, _, _) in candidates)
        {
            if (_mostBytes <= allowed)
            {
                break;
            }

            _mostBytes -= shard.Directory.TryEvict(shard.Number) ?? 0;
        }

        return _mostBytes <= allowed;
    }

    private static long GetNextUse(IShardForecast[] forecasts, ResidentShard shard)
    {
        var next = long.MaxValue;
        foreach (var forecast in forecasts)
        {
            next = Math.Min(next, forecast.GetNextUse(shard.Directory.FirstShard + shard.Number));
        }

        return next;
    }

    private CacheReservation[] GetReservations(LimitedDirectory? directory, int shard)
    {
        lock (_lock)
        {
            return [.. _reservations.Where(reservation => reservation.Directory != directory || reservation.Shard != shard)];
        }
    }

    private IShardForecast[] GetForecasts()
    {
        lock (_lock)
        {
            return [.. _forecasts];
        }
    }
}
