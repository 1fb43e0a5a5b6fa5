// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Goes through a stream's tars and writes a table of samples for each into a folder. Tars on this machine are read where they
/// are;
/// others are fetched through the cache, where they stay as far as its limit allows. Indexes of NVIDIA DALI beside the tars spare
/// that.</summary>
internal sealed class TarIndexBuilder(
    CacheDirectory root, IObjectStore? remote, TarOptions tars, ShardCacheOptions options, string folder, Action reportProgress)
{
    private const int Concurrency = 4;
    private const int InfoConcurrency = 16;
    private const long MaxSidecarBytes = 1 << 28;

    private static readonly ShardSchema Unknown = new(ShardFormats.Tar, []);

    /// <summary>Gets the stored index of the tars, as <see cref="TarShardWriter"/> and the tool write it, if it lists all of
    /// them.</summary>
    public async ValueTask<DatasetIndex?> TryReadSidecarAsync(CancellationToken cancellationToken)
    {
        if (tars.KeyRule != TarKeyRule.WebDataset)
        {
            return null;
        }

        try
        {
            var index = await IndexFile.ReadAsync(root.Root, remote, options, cancellationToken).ConfigureAwait(false);
            if (index.Shards.Any(static shard => shard.Schema.Format != ShardFormats.Tar))
            {
                return null;
            }

            var shards = index.Shards.ToDictionary(static shard => shard.Files[^1].Raw.Basename);
            var names = tars.Shards.SelectMany(static pattern => BracePattern.Expand(pattern)).ToArray();
            return names.Length == 0 ? index
                : names.All(shards.ContainsKey) ? new DatasetIndex([.. names.Select(name => shards[name])])
                : null;
        }
        catch (Exception exception) when (exception is ShardFormatException or ArgumentException
            || exception is StorageException { Kind: StorageErrorKind.NotFound or StorageErrorKind.PermissionDenied })
        {
            // There is none, or it is something else's: other tools call their lists of tars by the same name.
            return null;
        }
    }

    /// <summary>Goes through the tars.</summary>
    /// <returns>The shards, each with its table in the folder as first file.</returns>
    public async ValueTask<ImmutableArray<ShardInfo>> BuildAsync(CancellationToken cancellationToken)
    {
        var owned = remote ?? new LocalObjectStore(root.Root);
        var store = new RetryingObjectStore(
            owned, options.RetryPolicy, options.TimeProvider, options.LoggerFactory, ownsInner: remote is null);
        await using var storeDisposal = store.ConfigureAwait(false);
        var found = await FindAsync(store, cancellationToken).ConfigureAwait(false);
        var shards = found.Select(static tar => new ShardInfo
        {
            Schema = Unknown,
            SampleCount = 0,
            Files = [new ShardFile(new ShardFileInfo(tar.Key, tar.Size, FileDigests.None), null)],
        }).ToArray();

        var cache = await ShardCache.OpenAsync(
            root.Root, shards, remote, options with { ValidateHash = null }, cancellationToken).ConfigureAwait(false);
        await using var cacheDisposal = cache.ConfigureAwait(false);
        var results = new (string Table, int Samples, IReadOnlyList<string> Columns)[shards.Length];
        var sidecars = new DaliSidecars(store, tars.KeyRule);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, shards.Length),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (i, cancellation) =>
            {
                results[i] = await IndexAsync(cache, sidecars, i, found[i], cancellation).ConfigureAwait(false);
                lock (results)
                {
                    reportProgress();
                }
            }).ConfigureAwait(false);

        var columns = results.SelectMany(static result => result.Columns).Distinct().ToArray();
        var schema = new ShardSchema(
            ShardFormats.Tar,
            [new(TarOptions.KeyColumn, "str", null), .. columns.Select(static name => new ShardColumn(name, "bytes", null))]);
        return
        [
            .. results.Zip(shards, (result, shard) => new ShardInfo
            {
                Schema = schema,
                SampleCount = result.Samples,
                Files =
                [
                    new ShardFile(
                        new ShardFileInfo(result.Table, new FileInfo(Path.Join(folder, result.Table)).Length, FileDigests.None), null),
                    shard.Files[0],
                ],
            }),
        ];
    }

    private async ValueTask<(string Table, int Samples, IReadOnlyList<string> Columns)> IndexAsync(
        ShardCache cache, DaliSidecars sidecars, int shard, ObjectInfo tar, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{shard:D8}.samples");
        var path = Path.Join(folder, name);
        var (table, bytes) = await sidecars.TryReadAsync(tar, MaxSidecarBytes, cancellationToken).ConfigureAwait(false)
            ?? await ScanAsync(cache, shard, cancellationToken).ConfigureAwait(false);
        var file = CacheFiles.Create(path, bytes.Length);
        await using var fileDisposal = file.ConfigureAwait(false);
        await CacheFiles.WriteAsync(file, path, bytes, cancellationToken).ConfigureAwait(false);
        await CacheFiles.PublishAsync(file, path).ConfigureAwait(false);
        return (name, table.SampleCount, table.Columns);
    }

    private async ValueTask<(TarTableBuilder Table, byte[] Bytes)> ScanAsync(ShardCache cache, int shard, CancellationToken cancellationToken)
    {
        using var lease = await cache.LeaseAsync(shard, cancellationToken).ConfigureAwait(false);
        var bytes = TarTableBuilder.Build(lease.Reader.Location, tars.KeyRule, out var table);
        return (table, bytes);
    }

    private async ValueTask<ImmutableArray<ObjectInfo>> FindAsync(RetryingObjectStore store, CancellationToken cancellationToken)
    {
        var names = tars.Shards.SelectMany(static pattern => BracePattern.Expand(pattern)).ToArray();
        var found = new ObjectInfo[names.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, names.Length),
            new ParallelOptions { MaxDegreeOfParallelism = InfoConcurrency, CancellationToken = cancellationToken },
            async (i, cancellation) => found[i] = await store.GetInfoAsync(names[i], cancellation).ConfigureAwait(false))
            .ConfigureAwait(false);
        if (names.Length == 0)
        {
            var listed = new List<ObjectInfo>();
            await foreach (var info in store.ListAsync("", cancellationToken).ConfigureAwait(false))
            {
                if (TarCompression.TryGet(info.Key, out _))
                {
                    listed.Add(info);
                }
            }

            found = [.. listed];
        }

        Check(found, store);
        return [.. found];
    }

    private static void Check(ObjectInfo[] found, RetryingObjectStore store)
    {
        if (found.Length == 0)
        {
            throw new StorageException(
                StorageErrorKind.NotFound,
                store.Location,
                $"There is no tar below '{store.Location}'. Check the location, or name the tars.");
        }

        foreach (var tar in found)
        {
            if (TarCompression.TryGet(tar.Key, out var family) && family is not null)
            {
                throw new NotSupportedException(
                    $"'{tar.Key}' in '{store.Location}' is compressed, so its samples cannot be read in any order. Read it with TarStream, "
                    + "from front to back, or decompress it.");
            }

            if (tar.Size < 0)
            {
                throw new NotSupportedException($"The store of '{store.Location}' does not say how large '{tar.Key}' is.");
            }
        }

        if (found.DistinctBy(static tar => tar.Key).Count() != found.Length)
        {
            throw new ArgumentException("A tar is named twice. To see samples more often, give the stream a weight.", nameof(found));
        }
    }
}
