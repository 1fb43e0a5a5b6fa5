// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Makes one dataset of several that are in folders below one root, by writing an index over all of their shards.</summary>
/// <remarks>This is how parallel writers work together: each writes a folder of its own. No shard is copied. Folders may be nested to any
/// depth. Mirrors <c>streaming.base.util.merge_index</c>.</remarks>
internal static class IndexMerger
{
    /// <summary>Joins indexes.</summary>
    /// <param name="partitions">The folder of each, below the common root with <c>/</c> between its parts, and its index.</param>
    /// <param name="location">The root for messages, free of secrets.</param>
    /// <returns>The index of all shards, in the order given.</returns>
    /// <exception cref="ArgumentException">A folder is not one below the root.</exception>
    /// <exception cref="ShardFormatException">One file belongs to two shards.</exception>
    public static DatasetIndex Merge(IEnumerable<KeyValuePair<string, DatasetIndex>> partitions, string location)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var shards = ImmutableArray.CreateBuilder<ShardInfo>();
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (folder, index) in partitions)
        {
            ObjectKey.ThrowIfInvalid(folder, nameof(partitions));
            foreach (var shard in index.Shards)
            {
                shards.Add(Move(shard, folder));
                foreach (var file in shards[^1].Files)
                {
                    if (!files.Add(file.Stored.Basename))
                    {
                        throw new ShardFormatException(
                            new ShardLocation(location),
                            $"two partitions have the file '{file.Stored.Basename}'. "
                            + "An index that was merged before is among the partitions; leave it out.");
                    }
                }
            }
        }

        return new DatasetIndex(shards.DrainToImmutable());
    }

    /// <summary>Reads the indexes of partitions in a store and writes their common index to its root.</summary>
    /// <param name="store">The store whose root becomes the dataset's directory.</param>
    /// <param name="indexKeys">The indexes to join, in this order, doubles left out; <see langword="null"/> for every <c>index.json</c>
    /// below the root's folders, in ordinal order.</param>
    /// <param name="replace">Whether an index that the root has already is replaced; otherwise it is refused.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The common index.</returns>
    /// <exception cref="ArgumentException">An index is not in a folder below the root.</exception>
    /// <exception cref="ShardFormatException">An index is damaged, or there is none.</exception>
    /// <exception cref="StorageException">The store failed, an index does not exist, or the root has an index already.</exception>
    public static async ValueTask<DatasetIndex> MergeAsync(
        IObjectStore store, IReadOnlyList<string>? indexKeys = null, bool replace = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        indexKeys ??= await FindIndexesAsync(store, cancellationToken).ConfigureAwait(false);
        if (indexKeys.Count == 0)
        {
            throw new ShardFormatException(
                new ShardLocation(store.Location), $"there is no '{DatasetIndex.FileName}' in any folder below.");
        }

        if (!replace)
        {
            await RefuseExistingAsync(store, cancellationToken).ConfigureAwait(false);
        }

        var partitions = new List<KeyValuePair<string, DatasetIndex>>();
        foreach (var key in indexKeys.Distinct())
        {
            var slash = key.LastIndexOf('/');
            if (slash <= 0)
            {
                throw new ArgumentException($"'{key}' is not in a folder below the root.", nameof(indexKeys));
            }

            partitions.Add(KeyValuePair.Create(key[..slash], await ReadIndexAsync(store, key, cancellationToken).ConfigureAwait(false)));
        }

        var merged = Merge(partitions, store.Location);
        await WriteAsync(store, merged, cancellationToken).ConfigureAwait(false);
        return merged;
    }

    /// <summary>Writes the common index, as upstream's merge does.</summary>
    internal static async ValueTask WriteAsync(IObjectStore store, DatasetIndex merged, CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>();
        IndexWriter.WriteIndex(merged.Shards, text, versionFirst: true);
        using var content = new MemoryStream(text.WrittenSpan.ToArray(), writable: false);
        await store.WriteAsync(DatasetIndex.FileName, content, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Throws when a store's root has an index.</summary>
    internal static async ValueTask RefuseExistingAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.GetInfoAsync(DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.NotFound)
        {
            return;
        }

        throw new StorageException(
            StorageErrorKind.PreconditionFailed,
            store.Location,
            $"'{store.Location}' has an index already. Ask for it to be replaced, or merge elsewhere.");
    }

    private static async ValueTask<List<string>> FindIndexesAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var found in store.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (found.Key.EndsWith("/" + DatasetIndex.FileName, StringComparison.Ordinal))
            {
                keys.Add(found.Key);
            }
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    private static async ValueTask<DatasetIndex> ReadIndexAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            await content.Stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return DatasetIndex.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), $"{store.Location}/{key}");
        }
    }

    private static ShardInfo Move(ShardInfo shard, string folder) => new()
    {
        Schema = shard.Schema,
        SampleCount = shard.SampleCount,
        Files = [.. shard.Files.Select(file => new ShardFile(Move(file.Raw, folder)!, Move(file.Zip, folder)))],
        Compression = shard.Compression,
        Hashes = shard.Hashes,
        SizeLimit = shard.SizeLimit,
    };

    private static ShardFileInfo? Move(ShardFileInfo? file, string folder) =>
        file is null ? null : file with { Basename = $"{folder}/{file.Basename}" };
}
