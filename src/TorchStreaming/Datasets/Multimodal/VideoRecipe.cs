// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Loading;

namespace TorchStreaming.Datasets;

/// <summary>How samples with a video become tensors, and where videos come from that are outside the shards.</summary>
internal sealed class VideoRecipe : ColumnRecipe
{
    private const int SamplesAhead = 64;

    private readonly VideoPrefetcher? _prefetching;
    private readonly ExtraFileCache? _files;

    private VideoRecipe(bool isInside, ExtraFileCache? files, VideoFrames? frames, VideoPrefetcher? prefetching)
        : base(new VideoSampleTransform(
            isInside,
            files,
            frames is null ? null : new VideoFrameReader(frames),
            prefetching is null ? static () => { } : prefetching.MoveOn))
    {
        _files = files;
        _prefetching = prefetching;
    }

    /// <summary>Gets where videos come from; <see langword="null"/> when they are in the samples, or are left out.</summary>
    public ExtraFileCache? Files => _files;

    /// <summary>Creates the recipe for videos inside the shards.</summary>
    public static VideoRecipe CreateInside(StreamingWebVidOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Frames);
        return new VideoRecipe(isInside: true, files: null, options.Frames, prefetching: null);
    }

    /// <summary>Creates the recipe for videos outside the shards.</summary>
    /// <param name="options">The dataset's options.</param>
    /// <param name="isAhead">Whether videos are downloaded ahead of the loop.</param>
    public static VideoRecipe CreateOutside(StreamingOutsideWebVidOptions options, bool isAhead)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConcurrentDownloads, 1);
        var frames = options.Frames;
        if (options.ExtraLocal is null || options.ExtraRemote is null)
        {
            return frames is null
                ? new VideoRecipe(isInside: false, files: null, frames: null, prefetching: null)
                : throw new ArgumentException(
                    $"Frames need videos: give {nameof(options.ExtraLocal)} and {nameof(options.ExtraRemote)}.", nameof(options));
        }

        Check(frames);
        var store = options.Stores.Open(options.ExtraRemote, options.StoreOptions with { LoggerFactory = options.LoggerFactory });
        var files = new ExtraFileCache(options.ExtraLocal, store, new ExtraFileCacheOptions
        {
            DownloadRetry = options.DownloadRetry,
            DownloadTimeout = options.DownloadTimeout,
            Limit = options.ExtraCacheLimit,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        });
        var ahead = options.Predownload ?? (options.BatchSize * 8) ?? SamplesAhead;
        var prefetching = isAhead && ahead > 0 ? new VideoPrefetcher(files, ahead, options.ConcurrentDownloads) : null;
        return new VideoRecipe(isInside: false, files, frames, prefetching);
    }

    public override void BeginEpoch(EpochStart start, DatasetShards shards) =>
        _prefetching?.Begin(start.OpenCursor(), shards, start.BatchSize);

    public override void Dispose()
    {
        _prefetching?.Dispose();
        _files?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    private static void Check(VideoFrames? frames)
    {
        if (frames is not null)
        {
            frames.ThrowIfInvalid();
            new VideoFrameReader(frames).ThrowIfMissing();
        }
    }
}
