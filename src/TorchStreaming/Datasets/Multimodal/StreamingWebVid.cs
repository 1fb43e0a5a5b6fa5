// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Datasets;

namespace TorchStreaming;

/// <summary>What the WebVid datasets have in common.</summary>
/// <remarks>As tensors, a sample is <c>duration</c>, a 64-bit integer; the texts as UTF-8 bytes; <c>content</c>, the bytes of the video
/// file; and, if asked for, <c>frames</c> and <c>frame_count</c> (see <see cref="VideoFrames"/>). A batch holds texts and files in
/// <see cref="TensorBatch.Lists"/>. <see cref="GetItem"/> gives the sample as the reference returns it.</remarks>
public abstract class StreamingWebVid : StreamingMapDataset
{
    private readonly VideoRecipe _recipe;

    private protected StreamingWebVid(StreamingDatasetOptions options, VideoRecipe recipe)
        : base(options, recipe) => _recipe = recipe;

    /// <summary>Gets what was done to bring videos here; all zeros where they are in the shards.</summary>
    internal ExtraFileStatistics VideoStatistics => _recipe.Files?.Statistics ?? default;

    /// <summary>Reads one sample, downloading its shard and its video if need be.</summary>
    /// <param name="index">The sample's number in the whole dataset, from 0, or from the end if negative.</param>
    /// <returns>The sample.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="StorageException">The shard or the video cannot be downloaded.</exception>
    public WebVidSample GetItem(long index)
    {
        using var sample = Source.GetSample(index);
        var isInside = sample.Columns.Any(static column => column.Name == VideoSampleTransform.ContentColumn);
        var path = isInside ? null : sample.Get<string>(VideoSampleTransform.PathColumn);
        return new WebVidSample(
            sample.Get<string>("videoid"),
            sample.Get<string>("name"),
            sample.Get<string>("page_idx"),
            sample.Get<string>("page_dir"),
            sample.Get<long>("duration"),
            sample.Get<string>("contentUrl"),
            path,
            path is null ? sample.Bytes(VideoSampleTransform.ContentColumn).ToArray() : ReadVideo(path));
    }

    private byte[]? ReadVideo(string path)
    {
        if (_recipe.Files is not { } files)
        {
            return null;
        }

        // TorchSharp's datasets are synchronous; this is their bridge to asynchronous downloads, on threads that are the caller's.
        using var file = files.GetAsync(path).AsTask().GetAwaiter().GetResult();
        return file.ReadAllBytes();
    }
}
