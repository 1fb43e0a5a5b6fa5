// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Makes the files of one shard resident: download, check, decompress, publish, each file whole or not there at all. Thread-safe,
/// also across processes.</summary>
internal sealed class ShardFetcher
{
    private readonly CacheDirectory _directory;
    private readonly FileDownloader? _downloader;
    private readonly ShardCacheOptions _options;
    private readonly CacheCounters _counters;
    private readonly bool _keepsZips;
    private readonly CacheBudget? _budget;
    private readonly LimitedDirectory? _limited;

    /// <summary>Creates the fetcher.</summary>
    /// <param name="directory">Where the files go.</param>
    /// <param name="remote">Where they come from, or <see langword="null"/> when they are where they are.</param>
    /// <param name="options">How.</param>
    /// <param name="counters">Counts.</param>
    /// <param name="logger">Logs.</param>
    /// <param name="budget">Where room for files comes from, or <see langword="null"/> when nothing is evicted.</param>
    /// <param name="limited">The directory as the budget knows it.</param>
    public ShardFetcher(
        CacheDirectory directory,
        ObjectDownloader? remote,
        ShardCacheOptions options,
        CacheCounters counters,
        ILogger logger,
        CacheBudget? budget,
        LimitedDirectory? limited)
    {
        _budget = budget;
        _limited = limited;
        _directory = directory;
        _downloader = remote is null ? null : new FileDownloader(remote, options, counters, logger);
        Samples = remote is null ? null : new SampleFetcher(remote, options, logger);
        _options = options;
        _counters = counters;

        // Upstream's safe_keep_zip: what cannot be downloaded again is not deleted.
        _keepsZips = options.KeepZip || remote is null;
    }

    /// <summary>Gets whether files can be downloaded.</summary>
    public bool HasRemote => _downloader is not null;

    /// <summary>Gets what reads single samples, or <see langword="null"/> without a remote.</summary>
    public SampleFetcher? Samples { get; }

    /// <summary>Gets the local files of a shard.</summary>
    /// <exception cref="ShardFormatException">A name leaves the directory.</exception>
    public ShardPlace Locate(ShardInfo shard)
    {
        var files = new FilePlace[shard.Files.Length];
        for (var i = 0; i < files.Length; i++)
        {
            var file = shard.Files[i];
            files[i] = new FilePlace(
                file, _directory.Locate(file.Raw.Basename), file.Zip is { } zip ? _directory.Locate(zip.Basename) : null);
        }

        var name = shard.Files[0].Raw.Basename;
        return new ShardPlace(shard, files, _directory.LocateLock(name), _directory.LocateLease(name));
    }

    /// <summary>Makes the files of a shard stay in the directory, whoever looks for room, as long as the lock is held.</summary>
    /// <returns>The lock, or <see langword="null"/> where nobody evicts: without a remote, or in a directory that is read only for this
    /// user.</returns>
    public async ValueTask<FileLock?> PinAsync(ShardPlace place, CancellationToken cancellationToken)
    {
        if (!HasRemote)
        {
            return null;
        }

        try
        {
            var pin = await FileLock.ShareAsync(
                place.LeasePath, _options.LockTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            pin.Touch(_options.TimeProvider.GetUtcNow());
            return pin;
        }
        catch (CacheException error) when (error.InnerException is { } inner && FileErrors.IsReadOnly(inner))
        {
            return null;
        }
    }

    /// <summary>Says whether a shard needs no work.</summary>
    public bool IsResident(ShardPlace place) => place.Files.All(IsResident);

    /// <summary>Makes a shard resident.</summary>
    /// <param name="place">The shard.</param>
    /// <param name="refetch">Whether files that are there are not to be trusted.</param>
    /// <param name="cancellationToken">Ends the work; nothing half-written stays.</param>
    public async ValueTask<LeaseOutcome> FetchAsync(ShardPlace place, bool refetch, CancellationToken cancellationToken)
    {
        if (!refetch && IsResident(place))
        {
            return LeaseOutcome.Hit;
        }

        ThrowIfUnobtainable(place);
        return await Telemetry.TraceAsync("torchstreaming.cache.fetch", async activity =>
        {
            activity?.SetTag("torchstreaming.shard", place.Files[0].File.Raw.Basename);
            var outcome = await FetchMissingAsync(place, refetch, cancellationToken).ConfigureAwait(false);
            activity?.SetTag("torchstreaming.outcome", outcome.ToString().ToLowerInvariant());
            return outcome;
        }).ConfigureAwait(false);
    }

    private async ValueTask<LeaseOutcome> FetchMissingAsync(ShardPlace place, bool refetch, CancellationToken cancellationToken)
    {
        var before = GetResidentBytes(place);
        try
        {
            var held = await FileLock.AcquireAsync(
                place.LockPath, _options.LockTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            using (held)
            {
                if (!refetch && IsResident(place))
                {
                    // Whoever held the lock since the look before has done the work.
                    return LeaseOutcome.Wait;
                }

                using var room = _budget is null
                    ? null
                    : await _budget.ReserveArrivalAsync(_limited!, _limited!.Find(place.Shard), cancellationToken).ConfigureAwait(false);
                foreach (var file in place.Files)
                {
                    await PrepareAsync(place.Shard, file, refetch, held, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _counters.AddResident(GetResidentBytes(place) - before);
        }

        return LeaseOutcome.Miss;
    }

    /// <summary>Deletes the compressed file of one that is there in both forms, where compressed files are not kept.</summary>
    public void DropZip(FilePlace file)
    {
        if (!_keepsZips && file.ZipPath is { } zipPath && IsWhole(file.RawPath, file.File.Raw))
        {
            CacheDirectory.Delete(zipPath);
        }
    }

    /// <summary>Gets the bytes that a shard has in the directory, in both forms.</summary>
    public static long GetResidentBytes(ShardPlace place) => place.Files.Sum(
        static file => (CacheDirectory.GetSize(file.RawPath) ?? 0) + (file.ZipPath is { } zip ? CacheDirectory.GetSize(zip) ?? 0 : 0));

    // Files get their name when they are whole, so that one of unknown size is trusted when it is there; decompressing it proves it.
    private static bool IsWhole(string path, ShardFileInfo info) => CacheDirectory.GetSize(path) is { } size && info.CanHave(size);

    private bool IsResident(FilePlace file) =>
        IsWhole(file.RawPath, file.File.Raw)
        && (!_keepsZips || !HasRemote || file.File.Zip is not { } zip || IsWhole(file.ZipPath!, zip));

    /// <summary>Finds out before anything is written that there is nothing to make a file from.</summary>
    private void ThrowIfUnobtainable(ShardPlace place)
    {
        if (HasRemote)
        {
            return;
        }

        foreach (var file in place.Files)
        {
            if (IsResident(file))
            {
                continue;
            }

            var path = file.ZipPath ?? file.RawPath;
            var size = CacheDirectory.GetSize(path);
            if (size is null)
            {
                throw CacheErrors.Missing(path);
            }

            if (!file.File.Stored.CanHave(size.Value))
            {
                throw FileVerifier.WrongSize(new ShardLocation(path), file.File.Stored, $"{size}");
            }
        }
    }

    private async ValueTask PrepareAsync(ShardInfo shard, FilePlace file, bool refetch, FileLock held, CancellationToken cancellationToken)
    {
        var isRawThere = !refetch && IsWhole(file.RawPath, file.File.Raw);
        if (file.File.Zip is not { } zip)
        {
            if (!isRawThere)
            {
                await DownloadAndPublishAsync(file.File.Raw, file.RawPath, held, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        if (!isRawThere)
        {
            await MakeRawAsync(shard, file, zip, refetch, held, cancellationToken).ConfigureAwait(false);
            DropZip(file);
        }
        else if (!_keepsZips)
        {
            DropZip(file);
        }
        else if (HasRemote && !IsWhole(file.ZipPath!, zip))
        {
            await DownloadAndPublishAsync(zip, file.ZipPath!, held, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask MakeRawAsync(
        ShardInfo shard, FilePlace file, ShardFileInfo zip, bool refetch, FileLock held, CancellationToken cancellationToken)
    {
        // Asked for first: without a codec no byte needs to travel.
        var codec = GetCodec(shard, file);
        if ((!refetch || !HasRemote) && IsWhole(file.ZipPath!, zip))
        {
            try
            {
                await DecompressLocalAsync(codec, file, zip, held, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ShardFormatException) when (HasRemote)
            {
                // A compressed file that is left over from another run proves to be damaged; the remote has another.
            }
        }

        await DownloadAndDecompressAsync(codec, file, zip, held, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decompresses while the compressed bytes come. The raw file gets its name when the last of them is checked.</summary>
    private async ValueTask DownloadAndDecompressAsync(
        ICompressionCodec codec, FilePlace file, ShardFileInfo zip, FileLock held, CancellationToken cancellationToken)
    {
        var raw = default(TemporaryFile);
        try
        {
            var downloaded = await Downloader(file.ZipPath!).DownloadAsync(zip, file.ZipPath!, held, DecompressAsync, cancellationToken)
                .ConfigureAwait(false);
            await using var disposal = downloaded.ConfigureAwait(false);
            await CacheFiles.PublishAsync(raw!, file.RawPath).ConfigureAwait(false);
            _counters.CountDecompression(file.File.Raw.Bytes);
            if (_keepsZips)
            {
                await CacheFiles.PublishAsync(downloaded, file.ZipPath!).ConfigureAwait(false);
            }
        }
        finally
        {
            await DiscardAsync().ConfigureAwait(false);
        }

        async Task DecompressAsync(Stream bytes, CancellationToken stop)
        {
            await DiscardAsync().ConfigureAwait(false);
            raw = CacheFiles.Create(file.RawPath, file.File.Raw.Bytes);

            // On a thread of its own: decoders wait for bytes, and threads of the pool are what brings them.
            await Task.Factory.StartNew(
                () => FileDecompressor.Decompress(
                    codec, bytes, new ShardLocation(file.ZipPath!), file.File.Raw, raw.Stream, file.RawPath, held, stop),
                stop,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).ConfigureAwait(false);
        }

        async ValueTask DiscardAsync()
        {
            if (raw is not null)
            {
                await raw.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask DecompressLocalAsync(
        ICompressionCodec codec, FilePlace file, ShardFileInfo zip, FileLock held, CancellationToken cancellationToken)
    {
        var source = CacheFiles.OpenRead(file.ZipPath!);
        await using (source.ConfigureAwait(false))
        {
            if (_options.ValidateHash is { } hash)
            {
                await Task.Run(
                    () => Verify(source, zip, hash, file.ZipPath!, held, cancellationToken), cancellationToken).ConfigureAwait(false);
                source.Position = 0;
            }

            await DecompressAsync(codec, source, file, held, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Verify(
        Stream source, ShardFileInfo info, string hash, string path, FileLock held, CancellationToken cancellationToken)
    {
        using var verifier = new FileVerifier(info, hash, new ShardLocation(path));
        var buffer = new byte[FileDownloader.ChunkSize];
        while (source.Read(buffer) is var read and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            verifier.Append(buffer.AsSpan(0, read));
            held.ReportProgress();
        }

        verifier.Complete();
    }

    private async ValueTask DecompressAsync(
        ICompressionCodec codec, Stream zip, FilePlace file, FileLock held, CancellationToken cancellationToken)
    {
        var raw = file.File.Raw;
        var target = CacheFiles.Create(file.RawPath, raw.Bytes);
        await using var disposal = target.ConfigureAwait(false);
        await Task.Run(
            () => FileDecompressor.Decompress(
                codec, zip, new ShardLocation(file.ZipPath!), raw, target.Stream, file.RawPath, held, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        await CacheFiles.PublishAsync(target, file.RawPath).ConfigureAwait(false);
        _counters.CountDecompression(raw.Bytes);
    }

    private async ValueTask DownloadAndPublishAsync(ShardFileInfo info, string path, FileLock held, CancellationToken cancellationToken)
    {
        var file = await Downloader(path).DownloadAsync(info, path, held, consume: null, cancellationToken).ConfigureAwait(false);
        await using var disposal = file.ConfigureAwait(false);
        await CacheFiles.PublishAsync(file, path).ConfigureAwait(false);
    }

    private FileDownloader Downloader(string path) => _downloader ?? throw CacheErrors.Missing(path);

    private static ICompressionCodec GetCodec(ShardInfo shard, FilePlace file) =>
        CompressionScheme.TryParse(shard.Compression, out var scheme)
        ? scheme.Codec
        : throw new ShardFormatException(
            new ShardLocation(file.ZipPath!),
            $"the index has a compressed file, but '{shard.Compression}' is not a compression. The index is damaged.");
}
