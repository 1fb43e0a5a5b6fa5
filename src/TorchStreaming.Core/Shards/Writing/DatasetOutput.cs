// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>Where a writer puts a dataset: a local directory, a store, or both. A path or URL converts to it by itself.</summary>
/// <remarks>Files for a store are made in a local directory first (a fresh temporary one if none is given) and uploaded in parallel.
/// Mirrors <c>streaming.MDSWriter(out=…)</c>.</remarks>
public sealed class DatasetOutput
{
    private DatasetOutput(string? directory, IObjectStore? store, bool ownsStore)
    {
        Directory = directory;
        Store = store;
        OwnsStore = ownsStore;
    }

    /// <summary>Gets the local directory, or <see langword="null"/> for a temporary one.</summary>
    internal string? Directory { get; }

    /// <summary>Gets the store, if there is one.</summary>
    internal IObjectStore? Store { get; }

    /// <summary>Gets whether the writer disposes the store.</summary>
    internal bool OwnsStore { get; }

    /// <summary>Converts a path or URL.</summary>
    /// <param name="location">The path or URL.</param>
    public static implicit operator DatasetOutput(string location) => Parse(location);

    /// <summary>Reads a location.</summary>
    /// <param name="location">The path of a local directory, or the URL of a folder that <see cref="ObjectStoreResolver.Default"/> can
    /// open.</param>
    /// <param name="options">How a store is opened; <see langword="null"/> for the defaults.</param>
    /// <param name="retry">How often uploads are tried; <see langword="null"/> for two attempts, as upstream does.</param>
    /// <returns>The output. Its store, if it has one, is disposed by the writer.</returns>
    /// <exception cref="StorageException">Nothing opens locations of this kind.</exception>
    public static DatasetOutput Parse(string location, ObjectStoreOptions? options = null, RetryPolicy? retry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        return ObjectStoreLocation.GetScheme(location) is null
            ? ToDirectory(location)
            : new DatasetOutput(null, OpenStore(location, options, retry), ownsStore: true);
    }

    /// <summary>Makes an output of a local directory.</summary>
    /// <param name="directory">The directory; it is made.</param>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static DatasetOutput ToDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return new DatasetOutput(directory, null, ownsStore: false);
    }

    /// <summary>Makes an output of a store.</summary>
    /// <param name="store">The store, whose root becomes the dataset's directory; not disposed by the writer.</param>
    /// <param name="directory">The local directory in which files are made; <see langword="null"/> for a temporary one.</param>
    /// <returns>The output.</returns>
    public static DatasetOutput ToStore(IObjectStore store, string? directory = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new DatasetOutput(directory, store, ownsStore: false);
    }

    /// <summary>Says where that is, free of secrets.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Store is null ? Directory! : Directory is null ? Store.Location : $"{Store.Location} by way of {Directory}";

    private static RetryingObjectStore OpenStore(string location, ObjectStoreOptions? options, RetryPolicy? retry)
    {
        options ??= new ObjectStoreOptions();
        return new RetryingObjectStore(
            ObjectStoreResolver.Default.Open(location, options),
            retry ?? new RetryPolicy { Attempts = 2 },
            options.TimeProvider,
            options.LoggerFactory);
    }
}
