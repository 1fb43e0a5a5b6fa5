// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>The datasets of a merge, opened by their locations.</summary>
internal sealed class MergeSources : IAsyncDisposable
{
    private readonly List<DatasetLocation> _opened = [];
    private readonly List<RetryingObjectStore> _stores = [];

    private MergeSources()
    {
    }

    /// <summary>Gets the datasets as parts of the output. Those below the output are in their places already.</summary>
    public List<DatasetPart> Parts { get; } = [];

    /// <summary>Reads their indexes.</summary>
    /// <param name="locations">Folders or URLs, each of a dataset.</param>
    /// <param name="output">The folder or URL of the output.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<MergeSources> OpenAsync(
        IReadOnlyList<string> locations, string output, CancellationToken cancellationToken)
    {
        var sources = new MergeSources();
        try
        {
            var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var location in locations)
            {
                var dataset = await DatasetLocation.OpenAsync(location, split: null, cancellationToken).ConfigureAwait(false);
                sources._opened.Add(dataset);
                var inside = FindFolder(location, output);
                var folder = inside ?? NameOf(location);
                if (!taken.Add(folder))
                {
                    throw new ArgumentException(
                        $"Two of the datasets would get the folder '{folder}' of the output. Merge them one after the other, or rename one.");
                }

                sources.Parts.Add(new DatasetPart(folder, dataset.Index, inside is null ? sources.Retry(dataset.Store) : null));
            }

            return sources;
        }
        catch
        {
            await sources.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var dataset in _opened)
        {
            await dataset.DisposeAsync().ConfigureAwait(false);
        }
    }

    private RetryingObjectStore Retry(IObjectStore store)
    {
        _stores.Add(new RetryingObjectStore(store, ownsInner: false));
        return _stores[^1];
    }

    /// <summary>Gets the folder of a dataset that is below the output, or <see langword="null"/>.</summary>
    private static string? FindFolder(string location, string output)
    {
        var (inner, outer) = (Normalize(location), Normalize(output));
        return inner.StartsWith(outer + "/", StringComparison.Ordinal) ? inner[(outer.Length + 1)..] : null;
    }

    private static string NameOf(string location)
    {
        var path = Normalize(ObjectStoreLocation.WithoutSecrets(location));
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length > 0 && ObjectKey.IsValid(name)
            ? name
            : throw new ArgumentException($"'{path}' does not end with the name of a folder, which the output would have.");
    }

    private static string Normalize(string location) =>
        (ObjectStoreLocation.GetScheme(location) is null ? Path.GetFullPath(location).Replace('\\', '/') : location).TrimEnd('/');
}
