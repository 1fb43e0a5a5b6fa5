// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TorchStreaming.Caching;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Datasets;

/// <summary>Opens datasets: checks everything that needs no I/O, then reads the index of each stream and opens its cache.</summary>
internal static class DatasetOpener
{
    /// <summary>Opens the streams of a dataset.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="options">How to read, keep and order them.</param>
    /// <param name="create">Makes the dataset of its streams, this process's place and what keeps the caches within the limit.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public static ValueTask<TDataset> OpenAsync<TDataset>(
        IReadOnlyList<DataStream> streams,
        StreamingDatasetOptions options,
        Func<ImmutableArray<OpenedStream>, World, CacheBudget?, TDataset> create,
        CancellationToken cancellationToken)
    {
        if (streams.Count == 0)
        {
            throw new ArgumentException("A dataset needs at least one stream.", nameof(streams));
        }

        DatasetOptionsValidation.Validate(options);
        var settings = streams.Select(stream => StreamSettings.Resolve(stream, options)).ToImmutableArray();
        OrderOptionsFactory.Validate(settings, options);
        var reused = settings
            .GroupBy(static stream => (stream.Local, Tars: stream.Remote is null ? string.Join('\n', stream.Tars?.Shards ?? []) : ""))
            .FirstOrDefault(static group => group.Count() > 1);
        if (reused is not null)
        {
            throw new ArgumentException($"Several streams use the directory '{reused.Key.Local}'. Give each one of its own.", nameof(streams));
        }

        var world = options.World ?? World.FromEnvironment();
        _ = options.Replication is { } replication ? world.Replicate(replication) : world;
        return Telemetry.TraceAsync("torchstreaming.dataset.open", async activity =>
        {
            var (opened, budget) = await OpenStreamsAsync(settings, options, mayBeEmpty: false, cancellationToken).ConfigureAwait(false);
            activity?.SetTag("torchstreaming.streams", settings.Length)
                .SetTag("torchstreaming.samples", opened.Sum(static stream => stream.Index.SampleCount));
            try
            {
                var dataset = create(opened, world, budget);
                var logger = options.LoggerFactory.CreateLogger<TDataset>();
                foreach (var stream in opened)
                {
                    Log.Opened(logger, stream.Location, stream.Index.SampleCount, stream.Index.Shards.Length, stream.Index.StoredBytes);
                }

                return dataset;
            }
            catch
            {
                await DisposeAsync(opened).ConfigureAwait(false);
                throw;
            }
        });
    }

    /// <summary>Opens one stream without a dataset around it.</summary>
    public static async ValueTask<OpenedStream> OpenStreamAsync(
        StreamSettings settings, StreamingDatasetOptions options, CancellationToken cancellationToken)
    {
        var (streams, _) = await OpenStreamsAsync([settings], options, mayBeEmpty: false, cancellationToken).ConfigureAwait(false);
        return streams[0];
    }

    /// <summary>Opens the stream of a dataset in Composer's legacy format, which may have no samples.</summary>
    public static async ValueTask<(OpenedStream Stream, CacheBudget? Budget)> OpenLegacyStreamAsync(
        StreamSettings settings, StreamingDatasetOptions options, CancellationToken cancellationToken)
    {
        var (streams, budget) = await OpenStreamsAsync([settings], options, mayBeEmpty: true, cancellationToken).ConfigureAwait(false);
        return (streams[0], budget);
    }

    private static async ValueTask<(ImmutableArray<OpenedStream> Streams, CacheBudget? Budget)> OpenStreamsAsync(
        ImmutableArray<StreamSettings> settings, StreamingDatasetOptions options, bool mayBeEmpty, CancellationToken cancellationToken)
    {
        var opened = ImmutableArray.CreateBuilder<OpenedStream>(settings.Length);
        try
        {
            var budget = CreateBudget(settings, options);
            var firstShard = 0;
            foreach (var stream in settings)
            {
                var share = budget is null ? null : new CacheShare(budget, firstShard);
                opened.Add(await OpenStreamAsync(stream, options, share, cancellationToken).ConfigureAwait(false));
                if (!mayBeEmpty)
                {
                    ThrowIfEmpty(opened[^1]);
                }

                firstShard += opened[^1].Index.Shards.Length;
            }

            if (budget is not null)
            {
                budget.ThrowIfTooSmall();
                await budget.TrimAsync(cancellationToken).ConfigureAwait(false);
            }

            return (opened.ToImmutable(), budget);
        }
        catch
        {
            await DisposeAsync(opened).ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask DisposeAsync(IEnumerable<OpenedStream> streams)
    {
        foreach (var stream in streams)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    // One limit for all streams. Whoever holds its lock works for moments only, so any stream's patience will do.
    private static CacheBudget? CreateBudget(ImmutableArray<StreamSettings> settings, StreamingDatasetOptions options) =>
        options.CacheLimit is { Bytes: > 0 } limit
        ? new CacheBudget(limit, CreateCacheOptions(settings[0], options))
        : null;

    private static ShardCacheOptions CreateCacheOptions(StreamSettings settings, StreamingDatasetOptions options) => new()
    {
        DownloadRetry = settings.DownloadRetry,
        DownloadTimeout = settings.DownloadTimeout,
        ValidateHash = settings.ValidateHash,
        KeepZip = settings.KeepZip,
        CheckIndex = options.CheckIndex,
        IndexFormat = settings.Stream.IndexFormat,
        TimeProvider = options.TimeProvider,
        LoggerFactory = options.LoggerFactory,
    };

    private static async ValueTask<OpenedStream> OpenStreamAsync(
        StreamSettings settings, StreamingDatasetOptions options, CacheShare? share, CancellationToken cancellationToken)
    {
        var store = settings.Remote is null ? null : options.Stores.Open(settings.Remote, options.StoreOptions with
        {
            LoggerFactory = options.StoreOptions.LoggerFactory ?? options.LoggerFactory,
        });
        try
        {
            var cacheOptions = CreateCacheOptions(settings, options);
            var index = settings.Tars is { } tars
                ? await TarIndex.ReadAsync(
                    settings.Local, store, tars, cacheOptions with { CacheLimit = options.CacheLimit }, cancellationToken)
                    .ConfigureAwait(false)
                : await IndexFile.ReadAsync(settings.Local, store, cacheOptions, cancellationToken).ConfigureAwait(false);
            index = LegacyIndex.SetEncodings(index, settings.Stream.LegacyEncodings);
            var cache = await ShardCache.OpenAsync(settings.Local, index.Shards, store, cacheOptions, share, cancellationToken)
                .ConfigureAwait(false);
            return new OpenedStream(settings, index, cache, store);
        }
        catch
        {
            if (store is not null)
            {
                await store.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private static void ThrowIfEmpty(OpenedStream stream)
    {
        if (stream.Index.SampleCount == 0)
        {
            throw new ShardFormatException(
                new ShardLocation(IndexFile.Find(stream.Local, stream.Settings.Stream.IndexFormat)),
                $"it lists {stream.Index.Shards.Length} shards without any sample. "
                + $"Check that {(stream.Settings.Remote is null ? "the directory" : stream.Location)} was written completely.");
        }
    }
}
