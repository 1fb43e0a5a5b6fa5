// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Makes one dataset of several that are anywhere: each goes to a folder of its own, and an index over all of them is written
/// last.</summary>
/// <remarks>Datasets that are below the output already are not copied. Mirrors <c>streaming.base.util.merge_index</c> with a list of
/// indexes, which leaves it to the caller to bring the shards together.</remarks>
public static class DatasetMerger
{
    /// <summary>Merges.</summary>
    /// <param name="locations">Folders or URLs, each of a dataset, in this order. One that is not below <paramref name="output"/> is copied to
    /// a folder of its name.</param>
    /// <param name="output">The folder or URL where the dataset comes to be.</param>
    /// <param name="replace">Whether an index that is there already is replaced; otherwise it is refused.</param>
    /// <param name="workers">How many files are copied at a time, 1 or more.</param>
    /// <param name="progress">Hears how many samples are there, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the work. Files that were copied stay, without an index; the next attempt replaces
    /// them.</param>
    /// <returns>The index of the dataset.</returns>
    /// <exception cref="ArgumentException">There is nothing to merge, or two datasets would get one folder.</exception>
    /// <exception cref="ShardFormatException">One file belongs to two shards, or a file is not of the size that its index says.</exception>
    /// <exception cref="StorageException">A store failed, a file does not exist, or the output has an index already.</exception>
    public static async Task<DatasetIndex> MergeAsync(
        IReadOnlyList<string> locations,
        string output,
        bool replace = false,
        int workers = 4,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        var store = new RetryingObjectStore(ObjectStoreResolver.Default.Open(output));
        await using var closing = store.ConfigureAwait(false);
        var sources = await MergeSources.OpenAsync(locations, output, cancellationToken).ConfigureAwait(false);
        await using var ending = sources.ConfigureAwait(false);
        return await MergeAsync(sources.Parts, store, replace, workers, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Merges.</summary>
    /// <param name="parts">The datasets, in this order, each in a folder of its own.</param>
    /// <param name="output">Where the dataset comes to be; not disposed.</param>
    /// <param name="replace">Whether an index that is there already is replaced; otherwise it is refused.</param>
    /// <param name="workers">How many files are copied at a time, 1 or more.</param>
    /// <param name="progress">Hears how many samples are there, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the work. Files that were copied stay, without an index; the next attempt replaces
    /// them.</param>
    /// <returns>The index of the dataset.</returns>
    /// <exception cref="ArgumentException">There is nothing to merge, or two parts have one folder.</exception>
    /// <exception cref="ShardFormatException">One file belongs to two shards, or a file is not of the size that its index says.</exception>
    /// <exception cref="StorageException">A store failed, a file does not exist, or the output has an index already.</exception>
    internal static async Task<DatasetIndex> MergeAsync(
        IReadOnlyList<DatasetPart> parts,
        IObjectStore output,
        bool replace = false,
        int workers = 4,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (parts.Count == 0)
        {
            throw new ArgumentException("There is nothing to merge.", nameof(parts));
        }

        var merged = IndexMerger.Merge(parts.Select(static part => KeyValuePair.Create(part.Folder, part.Index)), output.Location);
        if (!replace)
        {
            await IndexMerger.RefuseExistingAsync(output, cancellationToken).ConfigureAwait(false);
        }

        var here = parts.Where(static part => part.Source is null).Sum(static part => part.Index.SampleCount);
        var meter = new ProgressMeter(progress, new ConversionProgress(here, merged.SampleCount, 0, 0), TimeProvider.System);
        var shards = parts.Where(static part => part.Source is not null)
            .SelectMany(static part => part.Index.Shards.Select(shard => (part.Folder, part.Source, Shard: shard)));
        await Parallel.ForEachAsync(
            shards,
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                foreach (var file in item.Shard.Files)
                {
                    await CopyAsync(item.Source!, output, item.Folder, file.Stored, token).ConfigureAwait(false);
                }

                meter.Add(item.Shard.SampleCount, 0, item.Shard.StoredBytes);
            }).ConfigureAwait(false);
        await IndexMerger.WriteAsync(output, merged, cancellationToken).ConfigureAwait(false);
        meter.Complete();
        return merged;
    }

    private static async Task CopyAsync(
        IObjectStore source, IObjectStore output, string folder, ShardFileInfo file, CancellationToken cancellationToken)
    {
        var key = $"{folder}/{file.Basename}";
        var content = await source.OpenReadAsync(file.Basename, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            await output.WriteAsync(key, content.Stream, cancellationToken).ConfigureAwait(false);
        }

        var written = await output.GetInfoAsync(key, cancellationToken).ConfigureAwait(false);
        if (file.Bytes != ShardFileInfo.UnknownSize && written.Size >= 0 && written.Size != file.Bytes)
        {
            throw new ShardFormatException(
                new ShardLocation($"{source.Location}/{file.Basename}"),
                $"it has {written.Size} bytes, but its index says {file.Bytes}. Verify that dataset before it is merged.");
        }
    }
}
