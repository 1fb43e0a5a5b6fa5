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
        var resolved = streams.Select(stream => ResolvedStream.Resolve(stream, options)).ToImmutableArray();
        OrderOptionsFactory.Validate(resolved, options);
        var reused = resolved
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
            var (opened, budget) = await OpenStreamsAsync(resolved, options, mayBeEmpty: false, cancellationToken).ConfigureAwait(false);
            activity?.SetTag("torchstreaming.streams", resolved.Length)
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
        ResolvedStream resolved, StreamingDatasetOptions options, CancellationToken cancellationToken)
    {
        var (streams, _) = await OpenStreamsAsync([resolved], options, mayBeEmpty: false, cancellationToken).ConfigureAwait(false);
        return streams[0];
    }

    /// <summary>Opens the stream of a dataset in Composer's legacy format, which may have no samples.</summary>
    public static async ValueTask<(OpenedStream Stream, CacheBudget? Budget)> OpenLegacyStreamAsync(
        ResolvedStream resolved, StreamingDatasetOptions options, CancellationToken cancellationToken)
    {
        var (streams, budget) = await OpenStreamsAsync([resolved], options, mayBeEmpty: true, cancellationToken).ConfigureAwait(false);
        return (streams[0], budget);
    }

    private static async ValueTask<(ImmutableArray<OpenedStream> Streams, CacheBudget? Budget)> OpenStreamsAsync(
        ImmutableArray<ResolvedStream> resolved, StreamingDatasetOptions options, bool mayBeEmpty, CancellationToken cancellationToken)
    {
        var opened = ImmutableArray.CreateBuilder<OpenedStream>(resolved.Length);
        try
        {
            var budget = CreateBudget(resolved, options);
            var firstShard = 0;
            foreach (var stream in resolved)
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
    private static CacheBudget? CreateBudget(ImmutableArray<ResolvedStream> resolved, StreamingDatasetOptions options) =>
        options.CacheLimit is { Bytes: > 0 } limit
        ? new CacheBudget(limit, CreateCacheOptions(resolved[0], options))
        : null;

    private static ShardCacheOptions CreateCacheOptions(ResolvedStream resolved, StreamingDatasetOptions options) => new()
    {
        DownloadRetry = resolved.DownloadRetry,
        DownloadTimeout = resolved.DownloadTimeout,
        ValidateHash = resolved.ValidateHash,
        KeepZip = resolved.KeepZip,
        CheckIndex = options.CheckIndex,
        IndexFormat = resolved.Stream.IndexFormat,
        TimeProvider = options.TimeProvider,
        LoggerFactory = options.LoggerFactory,
    };

    private static async ValueTask<OpenedStream> OpenStreamAsync(
        ResolvedStream resolved, StreamingDatasetOptions options, CacheShare? share, CancellationToken cancellationToken)
    {
        var store = resolved.Remote is null ? null : options.Stores.Open(resolved.Remote, options.StoreOptions with
        {
            LoggerFactory = options.StoreOptions.LoggerFactory ?? options.LoggerFactory,
        });
        try
        {
            var cacheOptions = CreateCacheOptions(resolved, options);
            var index = resolved.Tars is { } tars
                ? await TarIndex.ReadAsync(
                    resolved.Local, store, tars, cacheOptions with { CacheLimit = options.CacheLimit }, cancellationToken)
                    .ConfigureAwait(false)
                : await IndexFile.ReadAsync(resolved.Local, store, cacheOptions, cancellationToken).ConfigureAwait(false);
            index = LegacyIndex.SetEncodings(index, resolved.Stream.LegacyEncodings);
            var cache = await ShardCache.OpenAsync(resolved.Local, index.Shards, store, cacheOptions, share, cancellationToken)
                .ConfigureAwait(false);
            return new OpenedStream(resolved, index, cache, store);
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
                new ShardLocation(IndexFile.Find(stream.Local, stream.Resolved.Stream.IndexFormat)),
                $"it lists {stream.Index.Shards.Length} shards without any sample. "
                + $"Check that {(stream.Resolved.Remote is null ? "the directory" : stream.Location)} was written completely.");
        }
    }
}
