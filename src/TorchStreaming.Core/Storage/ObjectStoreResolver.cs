// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;

namespace TorchStreaming.Storage;

/// <summary>Finds the store for a location by its URI scheme. Paths, <c>file://</c>, <c>http://</c>, <c>https://</c> and <c>hf://</c> are
/// built in; packages add the rest. The package TorchStreaming adds <c>ais://</c> by itself.</summary>
/// <remarks>Thread-safe. Mirrors <c>streaming.base.storage.CloudDownloader.get</c>.</remarks>
public sealed class ObjectStoreResolver
{
    private readonly ConcurrentDictionary<string, Func<string, ObjectStoreOptions, IObjectStore>> _factories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["file"] = static (location, _) => new LocalObjectStore(GetFilePath(location)),
        ["http"] = CreateHttp,
        ["https"] = CreateHttp,
        ["hf"] = static (location, options) => new HuggingFaceObjectStore(location, options.HuggingFace),
    };

    private readonly ConcurrentDictionary<string, (Func<string, bool> Takes, Func<string, ObjectStoreOptions, IObjectStore> Factory)> _exceptions =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the resolver that is used where none is given; packages register their schemes with it.</summary>
    public static ObjectStoreResolver Default { get; } = new();

    private string Schemes => string.Join(", ", _factories.Keys.Order(StringComparer.Ordinal));

    /// <summary>Adds a scheme, or replaces how it is opened.</summary>
    /// <param name="scheme">The scheme without <c>://</c>, two characters or more; case does not matter.</param>
    /// <param name="factory">Makes the store, which the caller disposes, for a location as the user gave it, secrets included. It does no
    /// I/O.</param>
    /// <exception cref="ArgumentException">It is not such a scheme.</exception>
    public void Register(string scheme, Func<string, ObjectStoreOptions, IObjectStore> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (ObjectStoreLocation.GetScheme($"{scheme}://") is null)
        {
            throw new ArgumentException($"'{scheme}' is not a URI scheme of two characters or more.", nameof(scheme));
        }

        _factories[scheme] = factory;
        _exceptions.TryRemove(scheme, out _);
    }

    /// <summary>Makes the store for a location. No I/O is done yet.</summary>
    /// <param name="location">A URI or a path; Windows paths with a drive are paths.</param>
    /// <param name="options">What to give the store; <see langword="null"/> for the defaults.</param>
    /// <returns>The store, which the caller disposes.</returns>
    /// <exception cref="StorageException">The scheme is unknown; the message names the package that brings it and the call that registers
    /// it.</exception>
    /// <exception cref="ArgumentException">The location is empty or malformed.</exception>
    public IObjectStore Open(string location, ObjectStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        options ??= new ObjectStoreOptions();
        if (ObjectStoreLocation.GetScheme(location) is not { } scheme)
        {
            return new LocalObjectStore(location);
        }

        if (_exceptions.TryGetValue(scheme, out var exception) && exception.Takes(location))
        {
            return exception.Factory(location, options);
        }

        return _factories.TryGetValue(scheme, out var factory) ? factory(location, options) : throw Unknown(scheme, location);
    }

    /// <summary>Says which schemes are known.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"Opens paths and {Schemes}";

    /// <summary>Opens some locations of a scheme in another way than the rest, whatever registers the rest, and when.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="takes">Says of a location whether it is one of them.</param>
    /// <param name="factory">Makes their stores.</param>
    internal void RegisterWhere(string scheme, Func<string, bool> takes, Func<string, ObjectStoreOptions, IObjectStore> factory) =>
        _exceptions[scheme] = (takes, factory);

    /// <summary>Adds a scheme that nothing opens yet.</summary>
    internal void RegisterWhereMissing(string scheme, Func<string, ObjectStoreOptions, IObjectStore> factory) => _factories.TryAdd(scheme, factory);

    /// <summary>Opens a scheme's locations but for those that <see cref="RegisterWhere"/> takes.</summary>
    internal void RegisterOtherwise(string scheme, Func<string, ObjectStoreOptions, IObjectStore> factory) => _factories[scheme] = factory;

    private static HttpObjectStore CreateHttp(string location, ObjectStoreOptions options) =>
        Uri.TryCreate(location, UriKind.Absolute, out var root)
            ? new HttpObjectStore(root, options.Http)
            : throw new ArgumentException($"'{ObjectStoreLocation.WithoutSecrets(location)}' is not a well-formed URL.", nameof(location));

    private static string GetFilePath(string location) =>
        Uri.TryCreate(location, UriKind.Absolute, out var uri) && (OperatingSystem.IsWindows() || uri.Host is "" or "localhost")
            ? (uri.Host == "localhost" ? Uri.UnescapeDataString(uri.AbsolutePath) : uri.LocalPath)
            : throw new ArgumentException(
                $"'{location}' names no folder of this machine; write 'file:///folder' or the plain path.",
                nameof(location));

    private StorageException Unknown(string scheme, string location)
    {
        var shown = ObjectStoreLocation.WithoutSecrets(location);
        var remedy = StorePackages.Remedy(scheme)
            ?? $"Known are paths and {Schemes}; "
                + $"others are added with {nameof(ObjectStoreResolver)}.{nameof(Register)}.";
        return new StorageException(
            StorageErrorKind.NotSupported, shown, $"Nothing here opens '{scheme}://' locations such as '{shown}'. {remedy}");
    }
}
