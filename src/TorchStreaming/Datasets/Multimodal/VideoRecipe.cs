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
    public static VideoRecipe CreateInside(VideoFrames? frames)
    {
        Check(frames);
        return new VideoRecipe(isInside: true, files: null, frames, prefetching: null);
    }

    /// <summary>Creates the recipe for videos outside the shards.</summary>
    /// <param name="extraLocal">The folder that videos are downloaded to.</param>
    /// <param name="extraRemote">The folder that they come from.</param>
    /// <param name="limit">The most bytes of videos kept locally.</param>
    /// <param name="frames">Which frames are decoded.</param>
    /// <param name="options">The dataset's options.</param>
    /// <param name="concurrency">How many videos are downloaded ahead at a time; 0 for no download ahead.</param>
    public static VideoRecipe CreateOutside(
        string? extraLocal, string? extraRemote, ByteSize? limit, VideoFrames? frames, StreamingDatasetOptions options, int concurrency)
    {
        if (extraLocal is null || extraRemote is null)
        {
            return frames is null
                ? new VideoRecipe(isInside: false, files: null, frames: null, prefetching: null)
                : throw new ArgumentException("Frames need videos: give extraLocal and extraRemote.", nameof(frames));
        }

        Check(frames);
        var store = options.Stores.Open(extraRemote, options.StoreOptions with { LoggerFactory = options.LoggerFactory });
        var files = new ExtraFileCache(extraLocal, store, new ExtraFileCacheOptions
        {
            DownloadRetry = options.DownloadRetry,
            DownloadTimeout = options.DownloadTimeout,
            Limit = limit,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        });
        var ahead = options.Predownload ?? (options.BatchSize * 8) ?? SamplesAhead;
        var prefetching = concurrency > 0 && ahead > 0 ? new VideoPrefetcher(files, ahead, concurrency) : null;
        return new VideoRecipe(isInside: false, files, frames, prefetching);
    }

    public override void BeginEpoch(EpochStart start, ShardMap shards, int batchSize)
    {
        if (start.OpenCursor is { } open)
        {
            _prefetching?.Begin(open(), shards, batchSize);
        }
    }

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
