// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A dataset that is looked at where it is: its store and its index.</summary>
internal sealed class DatasetLocation : IAsyncDisposable
{
    private static readonly ImmutableArray<string> IndexNames =
        [DatasetIndex.FileName, LegacyIndex.FileName, LegacyIndex.CompressedFileName];

    private DatasetLocation(string location, IObjectStore store, DatasetIndex index)
    {
        Location = location;
        Store = store;
        Index = index;
    }

    /// <summary>Gets the folder or URL that holds the index.</summary>
    public string Location { get; }

    /// <summary>Gets <see cref="Location"/> if it is a directory of this machine.</summary>
    public string? Directory => ObjectStoreLocation.GetScheme(Location) is null ? Location : null;

    /// <summary>Gets whether samples can be read where they are: from a directory of this machine, without decompressing anything.</summary>
    public bool IsRawDirectory => Directory is not null && Index.Shards.All(static shard => shard.Files.All(static file => file.Zip is null));

    /// <summary>Gets the store, whose root is <see cref="Location"/>.</summary>
    public IObjectStore Store { get; }

    /// <summary>Gets the index.</summary>
    public DatasetIndex Index { get; }

    /// <summary>Reads the index: <c>index.json</c>, and where there is none that of Composer's first streaming format.</summary>
    /// <param name="location">A folder or URL.</param>
    /// <param name="split">The sub-folder that holds the index, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageException">There is no index, or it cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public static async Task<DatasetLocation> OpenAsync(string location, string? split, CancellationToken cancellationToken)
    {
        if (TarLocation.TrySplit(location, out _, out _))
        {
            return await OpenTarsAsync(location, new TarOptions(), cancellationToken).ConfigureAwait(false);
        }

        var root = ObjectStoreLocation.Append(location, split);
        if (ObjectStoreLocation.GetScheme(root) is null && File.Exists(root))
        {
            throw new ArgumentException($"'{root}' is a file. Name the folder that holds {DatasetIndex.FileName}.");
        }

        var store = ObjectStoreResolver.Default.Open(root);
        try
        {
            var index = await IndexFile.ReadInPlaceAsync(store, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new DatasetLocation(root, store, index);
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.NotFound && split is null &&
            FindSplits(location) is { Length: > 0 } splits)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw new StorageException(
                StorageErrorKind.NotFound,
                exception.Location,
                $"'{location}' has no index, but splits that do: name one as the split, in the tool by --split ({string.Join(", ", splits)}).",
                exception);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the index of a dataset in Composer's first streaming format.</summary>
    /// <param name="location">A folder or URL.</param>
    /// <param name="split">The sub-folder that holds the index, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageException">There is no index, or it cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public static async Task<DatasetLocation> OpenLegacyAsync(string location, string? split, CancellationToken cancellationToken)
    {
        var root = ObjectStoreLocation.Append(location, split);
        var store = ObjectStoreResolver.Default.Open(root);
        try
        {
            var index = await IndexFile.ReadInPlaceAsync(store, DatasetIndexFormat.Legacy, cancellationToken).ConfigureAwait(false);
            return new DatasetLocation(root, store, index);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds out what samples tars have, by an index beside them or by going through them, and makes them all resident.</summary>
    /// <param name="location">One tar, a pattern, or a folder or prefix.</param>
    /// <param name="tars">How they are read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<DatasetLocation> OpenTarsAsync(string location, TarOptions tars, CancellationToken cancellationToken)
    {
        var stream = new DataStream { Remote = location, Tars = tars };
        var opened = await stream.OpenAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var closing = opened.ConfigureAwait(false);
        for (var shard = 0; shard < opened.Index.Shards.Length; shard++)
        {
            await opened.PrepareShardAsync(shard, cancellationToken).ConfigureAwait(false);
        }

        return new DatasetLocation(opened.Local, ObjectStoreResolver.Default.Open(opened.Local), opened.Index);
    }

    /// <summary>Finds the sub-folders that hold an index.</summary>
    /// <param name="location">A folder or URL.</param>
    /// <returns>Their names, sorted; none for a URL, since listing one may take long.</returns>
    public static ImmutableArray<string> FindSplits(string location) =>
        ObjectStoreLocation.GetScheme(location) is null && System.IO.Directory.Exists(location)
        ?
        [
            .. System.IO.Directory.EnumerateDirectories(location)
                .Where(static folder => IndexNames.Any(name => File.Exists(Path.Combine(folder, name))))
                .Select(static folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ]
        : [];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
