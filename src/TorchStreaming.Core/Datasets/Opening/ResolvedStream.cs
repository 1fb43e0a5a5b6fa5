// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Datasets;

/// <summary>A stream with everything decided that it left to the dataset's options.</summary>
/// <param name="Remote">The directory or URI of the shards, split included, or <see langword="null"/> when they are read where they
/// are.</param>
/// <param name="Local">The full path of the directory on this machine, split included.</param>
/// <param name="Stream">The stream as given.</param>
/// <param name="DownloadRetry">How many times a download is tried.</param>
/// <param name="DownloadTimeout">How long a download may go without a further byte.</param>
/// <param name="ValidateHash">The hash that shards are checked by, or <see langword="null"/>.</param>
/// <param name="KeepZip">Whether compressed shards are kept.</param>
/// <param name="Tars">Which tars the stream reads and how, or <see langword="null"/> when it has shards with an index.</param>
internal sealed record ResolvedStream(
    string? Remote,
    string Local,
    DataStream Stream,
    int DownloadRetry,
    TimeSpan DownloadTimeout,
    string? ValidateHash,
    bool KeepZip,
    TarOptions? Tars)
{
    /// <summary>Checks a stream and takes what it leaves open from the options.</summary>
    /// <exception cref="ArgumentException">The stream or the options make no sense.</exception>
    public static ResolvedStream Resolve(DataStream stream, StreamingDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        CheckWeights(stream);
        var (source, tars) = ResolveTars(stream);
        var (remote, local) = ResolveLocations(source.Remote, source.Local);
        var split = string.IsNullOrEmpty(stream.Split) ? options.Split : stream.Split;
        CheckSplit(split);
        var retry = stream.DownloadRetry ?? options.DownloadRetry;
        var timeout = stream.DownloadTimeout ?? options.DownloadTimeout;
        if (retry < 1 || timeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(stream),
                $"A stream's DownloadRetry ({retry}) must be at least 1, and its DownloadTimeout ({timeout}) more than zero.");
        }

        var hash = string.IsNullOrEmpty(stream.ValidateHash) ? options.ValidateHash : stream.ValidateHash;
        hash = string.IsNullOrEmpty(hash) ? null : hash;
        if (hash is not null && !ShardHashes.Names.Contains(hash))
        {
            throw new ArgumentException($"ValidateHash is '{hash}'; known are {string.Join(", ", ShardHashes.Names)}.", nameof(stream));
        }

        if (!Enum.IsDefined(stream.IndexFormat))
        {
            throw new ArgumentOutOfRangeException(
                nameof(stream), stream.IndexFormat, $"IndexFormat is one of {string.Join(", ", Enum.GetNames<DatasetIndexFormat>())}.");
        }

        return new ResolvedStream(
            remote is null ? null : ObjectStoreLocation.Append(remote, split),
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Join(local, split))),
            stream,
            retry,
            timeout,
            hash,
            remote is null || (stream.KeepZip ?? options.KeepZip),
            tars);
    }

    /// <summary>Takes tars out of the location that names them, so that a folder is left.</summary>
    public static (DataStream Source, TarOptions? Tars) ResolveTars(DataStream stream)
    {
        stream.Tars?.Validate(nameof(stream));
        var hasRemote = !string.IsNullOrWhiteSpace(stream.Remote);
        var location = hasRemote ? stream.Remote : stream.Local;
        if (string.IsNullOrWhiteSpace(location) || !TarLocation.TrySplit(location, out var folder, out var pattern))
        {
            return (stream, stream.Tars);
        }

        if (stream.Tars is { Shards: not [] })
        {
            throw new ArgumentException($"Tars are named twice, by '{location}' and by {nameof(TarOptions)}.{nameof(TarOptions.Shards)}.");
        }

        // Patterns below one folder are different streams, so each has a default directory of its own.
        var source = !hasRemote ? stream with { Local = folder }
            : ObjectStoreLocation.GetScheme(location) is null or "file" ? stream with { Remote = folder }
            : stream with { Remote = folder, Local = string.IsNullOrWhiteSpace(stream.Local) ? UserCache.GetFolder(location) : stream.Local };
        return (source, (stream.Tars ?? new TarOptions()) with { Shards = [pattern] });
    }

    // A directory of this machine without a local copy, or with itself as the copy, is read in place.
    public static (string? Remote, string Local) ResolveLocations(string? remote, string? local)
    {
        if (string.IsNullOrWhiteSpace(remote))
        {
            return string.IsNullOrWhiteSpace(local)
                ? throw new ArgumentException("A stream needs a remote location, a local directory, or both.", nameof(remote))
                : (null, Path.GetFullPath(local));
        }

        var scheme = ObjectStoreLocation.GetScheme(remote);
        if (scheme is not (null or "file"))
        {
            return (remote, Path.GetFullPath(string.IsNullOrWhiteSpace(local) ? UserCache.GetFolder(remote) : local));
        }

        var path = Path.GetFullPath(scheme is null ? remote : new Uri(remote).LocalPath);
        var copy = string.IsNullOrWhiteSpace(local) ? path : Path.GetFullPath(local);
        return Path.TrimEndingDirectorySeparator(copy) == Path.TrimEndingDirectorySeparator(path) ? (null, path) : (path, copy);
    }

    private static void CheckWeights(DataStream stream)
    {
        var given = (stream.Proportion is null ? 0 : 1) + (stream.Repeat is null ? 0 : 1) + (stream.Choose is null ? 0 : 1);
        if (given > 1)
        {
            throw new ArgumentException(
                $"A stream has at most one of Proportion ({stream.Proportion}), Repeat ({stream.Repeat}) and Choose ({stream.Choose}).",
                nameof(stream));
        }

        if (stream.Proportion is { } proportion && !(proportion >= 0 && double.IsFinite(proportion)))
        {
            throw new ArgumentOutOfRangeException(nameof(stream), proportion, "A stream's Proportion is 0 or more.");
        }

        if (stream.Repeat is { } repeat && !(repeat >= 0 && double.IsFinite(repeat)))
        {
            throw new ArgumentOutOfRangeException(nameof(stream), repeat, "A stream's Repeat is 0 or more.");
        }

        if (stream.Choose is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(stream), stream.Choose, "A stream's Choose is 0 or more.");
        }
    }

    private static void CheckSplit(string? split)
    {
        if (string.IsNullOrEmpty(split))
        {
            return;
        }

        if (Path.IsPathRooted(split) || split.Split('/', '\\').Any(static part => part is ".." or "." or ""))
        {
            throw new ArgumentException($"The split '{split}' must be a folder below the dataset's directory.", nameof(split));
        }
    }
}
