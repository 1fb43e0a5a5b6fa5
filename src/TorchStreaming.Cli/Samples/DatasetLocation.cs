// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary>The data set that a command line names: its store and its index.</summary>
internal sealed class DatasetLocation : IAsyncDisposable
{
    private const int LargestIndex = 1 << 30;

    private const int ChunkSize = 1 << 16;

    private DatasetLocation(string location, IObjectStore store, DatasetIndex index)
    {
        Location = location;
        Store = store;
        Index = index;
    }

    /// <summary>Gets the folder or URL that holds the index.</summary>
    public string Location { get; }

    /// <summary>Gets the store, whose root is <see cref="Location"/>.</summary>
    public IObjectStore Store { get; }

    /// <summary>Gets the index.</summary>
    public DatasetIndex Index { get; }

    /// <summary>Reads the index.</summary>
    /// <param name="location">A folder or URL.</param>
    /// <param name="split">The sub-folder that holds the index, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageException">There is no index, or it cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public static async Task<DatasetLocation> OpenAsync(string location, string? split, CancellationToken cancellationToken)
    {
        var root = ObjectStoreLocation.Append(location, split);
        var store = ObjectStoreResolver.Default.Open(root);
        try
        {
            var content = await ReadIndexAsync(store, cancellationToken).ConfigureAwait(false);
            return new DatasetLocation(root, store, DatasetIndex.Parse(content.Span, $"{store.Location}/{DatasetIndex.FileName}"));
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.NotFound && split is null &&
            FindSplits(location) is { Length: > 0 } splits)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw new StorageException(
                StorageErrorKind.NotFound,
                exception.Location,
                $"'{location}' has no {DatasetIndex.FileName}, but splits that do: name one with --split ({string.Join(", ", splits)}).",
                exception);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds the sub-folders that hold an index.</summary>
    /// <param name="location">A folder or URL.</param>
    /// <returns>Their names, sorted; none for a URL, since listing one may take long.</returns>
    public static ImmutableArray<string> FindSplits(string location) =>
        ObjectStoreLocation.GetScheme(location) is null && Directory.Exists(location)
        ?
        [
            .. Directory.EnumerateDirectories(location)
                .Where(static folder => File.Exists(Path.Combine(folder, DatasetIndex.FileName)))
                .Select(static folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ]
        : [];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static async Task<ReadOnlyMemory<byte>> ReadIndexAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var retrying = new RetryingObjectStore(store, ownsInner: false);
        await using var ending = retrying.ConfigureAwait(false);
        var content = await retrying.OpenReadAsync(DatasetIndex.FileName, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var closing = content.ConfigureAwait(false);
        var bytes = new ArrayBufferWriter<byte>();
        while (await content.Stream.ReadAsync(bytes.GetMemory(ChunkSize), cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > LargestIndex)
            {
                throw new ShardFormatException(
                    new ShardLocation($"{store.Location}/{DatasetIndex.FileName}"),
                        $"the index has more than {LargestIndex} bytes, which no index has.");
            }
        }

        return bytes.WrittenMemory;
    }
}
