// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>A folder of this machine. Keys cannot leave it, through symbolic links neither.</summary>
/// <remarks>Thread-safe, also across processes: objects are written under a temporary name and renamed. Listings leave symbolic links and
/// half-written files out. The entity tag is made of size and time of change.</remarks>
internal sealed class LocalObjectStore : IObjectStore
{
    private readonly Lazy<string> _realRoot;

    /// <summary>Creates the store. The folder need not exist yet; the first write makes it.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public LocalObjectStore(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        Location = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        _realRoot = new Lazy<string>(() => RealPath.Resolve(Location), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(GetPath(key));
        try
        {
            return file.Exists ? new(Describe(key, file.Length, file.LastWriteTimeUtc)) : throw FileErrors.NotFound(file.FullName);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, file.FullName);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        cancellationToken.ThrowIfCancellationRequested();
        var path = GetPath(key);
        FileStream? stream = null;
        try
        {
            if (Directory.Exists(path))
            {
                throw FileErrors.NotFound(path);
            }

            // No lock is taken: readers never hinder those who publish, evict or clean.
            stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            });
            var info = Describe(key, stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle));
            ObjectConditions.ThrowIfChanged(info, ifMatch, path);
            var wanted = ObjectConditions.Resolve(range, info.Size, path);
            stream.Position = wanted.Offset;
            return new(new ObjectContent(info, new BodyStream(stream, wanted.Length, error => Translate(error, path), cancellationToken)));
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (FileErrors.IsFileError(error))
            {
                throw FileErrors.ToStorageException(error, path);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        var path = GetPath(key);
        var inner = default(TemporaryFile);
        try
        {
            inner = TemporaryFile.Create(path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, path);
        }

        await using var file = inner.ConfigureAwait(false);
        try
        {
            await content.CopyToAsync(inner.Stream, cancellationToken).ConfigureAwait(false);
            await inner.PublishAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, path);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var found = await Task.Run(() => Find(prefix, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var info in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        cancellationToken.ThrowIfCancellationRequested();
        var path = GetPath(key);
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
            }

            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, path);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ObjectInfo Describe(string key, long size, DateTime changed) =>
        new(
            key,
            size,
            string.Create(CultureInfo.InvariantCulture, $"\"{changed.Ticks:x}-{size:x}\""),
            new DateTimeOffset(changed, TimeSpan.Zero));

    private static StorageException? Translate(Exception error, string path) =>
        FileErrors.IsFileError(error) ? FileErrors.ToStorageException(error, path) : null;

    private string GetPath(string key)
    {
        try
        {
            return RealPath.ResolveBelow(_realRoot.Value, key) ?? throw new StorageException(
                StorageErrorKind.PermissionDenied,
                Location,
                $"'{key}' is, or leads through, a symbolic link that leads out of '{Location}'. "
                    + "Copy the file into the folder or open the folder that it leads to.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, Path.Join(Location, key));
        }
    }

    private List<ObjectInfo> Find(string prefix, CancellationToken cancellationToken)
    {
        var root = _realRoot.Value;
        var found = new List<ObjectInfo>();
        try
        {
            // Below the folder that the prefix names in full there is everything that can match.
            var folder = prefix[..(prefix.LastIndexOf('/') + 1)].TrimEnd('/');
            var start = folder.Length == 0 ? root : ObjectKey.IsValid(folder) ? RealPath.ResolveBelow(root, folder) : null;
            if (start is null || !Directory.Exists(start))
            {
                return found;
            }

            var options = new EnumerationOptions
            {
                RecurseSubdirectories = true,
                IgnoreInaccessible = false,
                AttributesToSkip = FileAttributes.ReparsePoint,
            };
            foreach (var file in new DirectoryInfo(start).EnumerateFiles("*", options))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var key = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                if (key.StartsWith(prefix, StringComparison.Ordinal)
                    && ObjectKey.IsValid(key)
                    && !TemporaryFile.TryGetDestination(key, out _))
                {
                    found.Add(Describe(key, file.Length, file.LastWriteTimeUtc));
                }
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, Location);
        }

        found.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return found;
    }
}
