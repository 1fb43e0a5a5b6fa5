// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings the index of a dataset in Composer's legacy format into its local directory.</summary>
/// <remarks>The index does not say how shards are compressed: the remote's <c>compression.txt</c> does. The directory keeps the index
/// decompressed, and what the remote said as <c>compression.txt.old</c>, as Composer 0.9 did: its caches can be used here, and ours there.
/// Without a remote that record is of no interest; what counts is whether the index that is there is compressed.</remarks>
internal sealed class LegacyIndexFile(CacheDirectory root, RetryingObjectStore? remote, ShardCacheOptions options)
{
    /// <summary>The name of the local record of the remote's compression.</summary>
    public const string SchemeName = LegacyIndex.CompressionFileName + ".old";

    /// <summary>Reads the index as it is in a directory, whether somebody fetched it or wrote it there.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="path">The index, which is there.</param>
    /// <exception cref="ShardFormatException">It is damaged, or the compression is unknown.</exception>
    public static DatasetIndex ReadAsItLies(CacheDirectory root, string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (Path.GetFileName(path) == LegacyIndex.CompressedFileName)
        {
            return LegacyIndex.Parse(IndexDownload.Decompress(bytes, path), path, isCompressed: true);
        }

        var scheme = root.Locate(SchemeName);
        return LegacyIndex.Parse(bytes, path, File.Exists(scheme) && LegacyCompression.IsCompressed(File.ReadAllBytes(scheme), scheme));
    }

    /// <summary>Reads the index where it is, and keeps nothing.</summary>
    public static async ValueTask<DatasetIndex> ReadRemoteAsync(RetryingObjectStore source, CancellationToken cancellationToken) =>
        (await FetchAsync(source, held: null, cancellationToken).ConfigureAwait(false)).Index;

    /// <summary>Reads the local index without asking the remote; <see langword="null"/> when it is not there, or when a damaged one can
    /// be fetched again.</summary>
    public async ValueTask<DatasetIndex?> TryReadLocalAsync(CancellationToken cancellationToken)
    {
        try
        {
            return remote is null
                ? await TryReadOnlyCopyAsync(cancellationToken).ConfigureAwait(false)
                : await TryReadCachedAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ShardFormatException) when (remote is not null)
        {
            return null;
        }
    }

    /// <summary>Reads the local index; downloads it first when it is not there.</summary>
    /// <exception cref="StorageException">There is none, or it could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">It is damaged, or the compression is unknown.</exception>
    public async ValueTask<DatasetIndex> ReadAsync(CancellationToken cancellationToken)
    {
        if (await TryReadLocalAsync(cancellationToken).ConfigureAwait(false) is { } local)
        {
            return local;
        }

        if (remote is null)
        {
            throw CacheErrors.Missing(root.Locate(LegacyIndex.FileName));
        }

        var held = await FileLock.AcquireAsync(
            root.LocateLock(LegacyIndex.FileName), options.LockTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        using (held)
        {
            // Whoever held the lock until now may have brought it.
            return await TryReadLocalAsync(cancellationToken).ConfigureAwait(false)
                ?? await IndexDownload.RetryDamageAsync(
                    options, () => DownloadAsync(remote, held, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<DatasetIndex?> TryReadOnlyCopyAsync(CancellationToken cancellationToken)
    {
        var path = root.Locate(LegacyIndex.FileName);
        if (await IndexDownload.TryReadLocalAsync(path, cancellationToken).ConfigureAwait(false) is { } raw)
        {
            return LegacyIndex.Parse(raw, path, isCompressed: false);
        }

        path = root.Locate(LegacyIndex.CompressedFileName);
        return await IndexDownload.TryReadLocalAsync(path, cancellationToken).ConfigureAwait(false) is { } zip
            ? LegacyIndex.Parse(IndexDownload.Decompress(zip, path), path, isCompressed: true)
            : null;
    }

    private async ValueTask<DatasetIndex?> TryReadCachedAsync(CancellationToken cancellationToken)
    {
        var schemePath = root.Locate(SchemeName);
        var path = root.Locate(LegacyIndex.FileName);
        return await IndexDownload.TryReadLocalAsync(schemePath, cancellationToken).ConfigureAwait(false) is { } scheme
            && await IndexDownload.TryReadLocalAsync(path, cancellationToken).ConfigureAwait(false) is { } index
            ? LegacyIndex.Parse(index, path, LegacyCompression.IsCompressed(scheme, schemePath))
            : null;
    }

    private async ValueTask<DatasetIndex> DownloadAsync(RetryingObjectStore source, FileLock held, CancellationToken cancellationToken)
    {
        var (scheme, bytes, index) = await FetchAsync(source, held, cancellationToken).ConfigureAwait(false);

        // The records come first: an index without them is not trusted, or taken for the only copy.
        root.WriteOrigin(source.Location);
        await IndexDownload.PublishAsync(root.Locate(SchemeName), scheme, cancellationToken).ConfigureAwait(false);
        await IndexDownload.PublishAsync(root.Locate(LegacyIndex.FileName), bytes, cancellationToken).ConfigureAwait(false);
        return index;
    }

    private static async ValueTask<(ReadOnlyMemory<byte> Scheme, ReadOnlyMemory<byte> Bytes, DatasetIndex Index)> FetchAsync(
        RetryingObjectStore source, FileLock? held, CancellationToken cancellationToken)
    {
        var scheme = await ReadSchemeAsync(source, held, cancellationToken).ConfigureAwait(false);
        var isCompressed = LegacyCompression.IsCompressed(scheme.Span, $"{source.Location}/{LegacyIndex.CompressionFileName}");
        var name = isCompressed ? LegacyIndex.CompressedFileName : LegacyIndex.FileName;
        var location = $"{source.Location}/{name}";
        using var text = await IndexDownload.ReadAsync(source, name, held, cancellationToken).ConfigureAwait(false);
        var bytes = isCompressed ? IndexDownload.Decompress(text.Memory, location) : text.GetSpan().ToArray();
        return (scheme, bytes, LegacyIndex.Parse(bytes, location, isCompressed));
    }

    // Only a file that does not exist means "not compressed". Composer took a refused access for that too.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadSchemeAsync(
        RetryingObjectStore source, FileLock? held, CancellationToken cancellationToken)
    {
        try
        {
            using var text = await IndexDownload.ReadAsync(source, LegacyIndex.CompressionFileName, held, cancellationToken)
                .ConfigureAwait(false);
            return text.GetSpan().ToArray();
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NotFound)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }
}
