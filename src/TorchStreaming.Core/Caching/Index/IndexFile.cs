// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings the index of a stream into its local directory.</summary>
internal static class IndexFile
{
    /// <summary>Gets the names that an index in the local directory of a remote has.</summary>
    internal static ImmutableArray<string> LocalNames { get; } = [DatasetIndex.FileName, LegacyIndex.FileName];

    /// <summary>Gets the names that an index has wherever it is, the preferred one first.</summary>
    internal static ImmutableArray<string> Names { get; } =
        [DatasetIndex.FileName, LegacyIndex.FileName, LegacyIndex.CompressedFileName];

    /// <summary>Reads the local index; downloads it first when it is not there. One that is there is trusted and not refreshed, unless it is
    /// damaged.</summary>
    /// <param name="directory">The local directory of the stream or split.</param>
    /// <param name="remote">Where the index comes from, rooted at the stream or split; not disposed. <see langword="null"/> when
    /// <paramref name="directory"/> holds the only copy.</param>
    /// <param name="options">How to download, and which kind of index; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call; nothing half-written stays.</param>
    /// <returns>The index.</returns>
    /// <exception cref="StorageException">There is no index, or it could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">The index is damaged. A damaged one is not taken into the directory.</exception>
    /// <exception cref="CacheException">The directory cannot be used.</exception>
    /// <remarks>Thread-safe, also across processes. Mirrors <c>streaming.Stream.get_shards</c>.</remarks>
    public static async ValueTask<DatasetIndex> ReadAsync(
        string directory, IObjectStore? remote, ShardCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ShardCacheOptions();
        var root = new CacheDirectory(directory);
        var retrying = remote is null || root.IsSameAs(remote)
            ? null
            : new RetryingObjectStore(remote, options.RetryPolicy, options.TimeProvider, options.LoggerFactory, ownsInner: false);
        var legacy = new LegacyIndexFile(root, retrying, options);
        return options.IndexFormat switch
        {
            DatasetIndexFormat.Legacy => await legacy.ReadAsync(cancellationToken).ConfigureAwait(false),
            DatasetIndexFormat.Json => await ReadJsonAsync(root, retrying, options, cancellationToken).ConfigureAwait(false),
            _ => await ReadAnyAsync(root, retrying, options, legacy, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Reads an index where it is and keeps nothing of it, for tools that look at a dataset once.</summary>
    /// <param name="store">The dataset or split; not disposed.</param>
    /// <param name="format">Which kind of index; by default <c>index.json</c>, and where there is none that of Composer's legacy format.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The index.</returns>
    /// <exception cref="StorageException">There is no index, or it could not be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public static async ValueTask<DatasetIndex> ReadInPlaceAsync(
        IObjectStore store, DatasetIndexFormat format = DatasetIndexFormat.Any, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var retrying = new RetryingObjectStore(store, ownsInner: false);
        await using var disposal = retrying.ConfigureAwait(false);
        if (format == DatasetIndexFormat.Legacy)
        {
            return await LegacyIndexFile.ReadRemoteAsync(retrying, cancellationToken).ConfigureAwait(false);
        }

        return format == DatasetIndexFormat.Json
            ? await ReadJsonInPlaceAsync().ConfigureAwait(false)
            : await PreferJsonAsync(
                ReadJsonInPlaceAsync, () => LegacyIndexFile.ReadRemoteAsync(retrying, cancellationToken)).ConfigureAwait(false);

        async ValueTask<DatasetIndex> ReadJsonInPlaceAsync()
        {
            using var text = await IndexDownload.ReadAsync(retrying, DatasetIndex.FileName, held: null, cancellationToken).ConfigureAwait(false);
            return DatasetIndex.Parse(text.GetSpan(), $"{store.Location}/{DatasetIndex.FileName}");
        }
    }

    /// <summary>Finds the index that was read in a local directory.</summary>
    internal static string Find(string directory, DatasetIndexFormat format)
    {
        string[] names = format switch
        {
            DatasetIndexFormat.Json => [DatasetIndex.FileName],
            DatasetIndexFormat.Legacy => [LegacyIndex.FileName, LegacyIndex.CompressedFileName],
            _ => [.. Names],
        };
        var name = names.FirstOrDefault(name => File.Exists(Path.Join(directory, name))) ?? names[0];
        return Path.Join(directory, name);
    }

    /// <summary>Prefers <c>index.json</c>. The other kind is read when it was fetched before, or when there is no <c>index.json</c>; a
    /// failure to find out whether there is one stays a failure.</summary>
    private static async ValueTask<DatasetIndex> ReadAnyAsync(
        CacheDirectory root,
        RetryingObjectStore? remote,
        ShardCacheOptions options,
        LegacyIndexFile legacy,
        CancellationToken cancellationToken)
    {
        if (await TryReadCheckedAsync(root, remote, options, cancellationToken).ConfigureAwait(false) is { } local)
        {
            return local;
        }

        if (await legacy.TryReadLocalAsync(cancellationToken).ConfigureAwait(false) is { } old)
        {
            return old;
        }

        return remote is null
            ? await ReadJsonAsync(root, remote, options, cancellationToken).ConfigureAwait(false)
            : await PreferJsonAsync(
                () => ReadJsonAsync(root, remote, options, cancellationToken), () => legacy.ReadAsync(cancellationToken)).ConfigureAwait(false);
    }

    private static async ValueTask<DatasetIndex> PreferJsonAsync(Func<ValueTask<DatasetIndex>> readJson, Func<ValueTask<DatasetIndex>> readLegacy)
    {
        try
        {
            return await readJson().ConfigureAwait(false);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NotFound)
        {
            try
            {
                return await readLegacy().ConfigureAwait(false);
            }
            catch (StorageException other) when (other.Kind == StorageErrorKind.NotFound)
            {
                // That the common kind is missing is what most callers want to hear.
            }

            throw;
        }
    }

    private static async ValueTask<DatasetIndex> ReadJsonAsync(
        CacheDirectory root, RetryingObjectStore? remote, ShardCacheOptions options, CancellationToken cancellationToken)
    {
        var path = root.Locate(DatasetIndex.FileName);
        if (await TryReadCheckedAsync(root, remote, options, cancellationToken).ConfigureAwait(false) is { } local)
        {
            return local;
        }

        if (remote is null)
        {
            throw CacheErrors.Missing(path);
        }

        var held = await FileLock.AcquireAsync(
            root.LocateLock(DatasetIndex.FileName), options.LockTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        using (held)
        {
            // Whoever held the lock until now may have brought it.
            return await TryReadLocalAsync(path, hasRemote: true, cancellationToken).ConfigureAwait(false)
                ?? await IndexDownload.RetryDamageAsync(
                    options, () => DownloadAsync(remote, root, held, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the local index, and warns if it is not the remote's.</summary>
    private static async ValueTask<DatasetIndex?> TryReadCheckedAsync(
        CacheDirectory root, RetryingObjectStore? remote, ShardCacheOptions options, CancellationToken cancellationToken)
    {
        var path = root.Locate(DatasetIndex.FileName);
        var local = await TryReadLocalAsync(path, hasRemote: remote is not null, cancellationToken).ConfigureAwait(false);
        if (local is not null && remote is not null)
        {
            await IndexCheck.RunAsync(root, remote, options, cancellationToken).ConfigureAwait(false);
        }

        return local;
    }

    /// <summary>Reads the local index. A damaged one that can be fetched again counts as missing: a loss of power leaves such files.</summary>
    private static async ValueTask<DatasetIndex?> TryReadLocalAsync(string path, bool hasRemote, CancellationToken cancellationToken)
    {
        try
        {
            if (await IndexCache.TryReadAsync(path, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known;
            }

            var time = File.GetLastWriteTimeUtc(path);
            using var text = await IndexDownload.TryReadTextAsync(path, cancellationToken).ConfigureAwait(false);
            if (text is null)
            {
                return null;
            }

            var index = DatasetIndex.Parse(text.GetSpan(), path);
            if (hasRemote)
            {
                // The only copy of a dataset is not written to.
                await IndexCache.WriteAsync(path, time, text.Memory, index, cancellationToken).ConfigureAwait(false);
            }

            return index;
        }
        catch (ShardFormatException) when (hasRemote)
        {
            return null;
        }
    }

    private static async ValueTask<DatasetIndex> DownloadAsync(
        RetryingObjectStore remote, CacheDirectory root, FileLock held, CancellationToken cancellationToken)
    {
        using var text = await IndexDownload.ReadAsync(remote, DatasetIndex.FileName, held, cancellationToken).ConfigureAwait(false);
        var index = DatasetIndex.Parse(text.GetSpan(), $"{remote.Location}/{DatasetIndex.FileName}");

        // First, so that there is no downloaded index that is not known to be one.
        root.WriteOrigin(remote.Location);
        var path = root.Locate(DatasetIndex.FileName);
        await IndexDownload.PublishAsync(path, text.Memory, cancellationToken).ConfigureAwait(false);
        await IndexCache.WriteAsync(path, File.GetLastWriteTimeUtc(path), text.Memory, index, cancellationToken).ConfigureAwait(false);
        return index;
    }
}
