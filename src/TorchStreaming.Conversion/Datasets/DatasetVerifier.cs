// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Looks for everything that is wrong with a dataset: missing files, wrong sizes and hashes, damaged compression, samples whose
/// offsets or values are wrong.</summary>
public static class DatasetVerifier
{
    /// <summary>Verifies a dataset.</summary>
    /// <param name="location">The folder or URL of the dataset, with its <c>index.json</c>.</param>
    /// <param name="hashes">Whether all recorded hashes of all files are compared.</param>
    /// <param name="decode">Whether every value is decoded through its column's encoding. Of JPEG files headers and markers are read, not
    /// pixels.</param>
    /// <param name="workers">How many shards are worked on at a time; by default the number of processors. Each needs room in the temporary
    /// folder for its files, where they are compressed or not on this machine.</param>
    /// <param name="progress">Hears how far the work is, from any thread; samples of damaged shards count as skipped.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was found. Problems of files are part of it; they are not thrown.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is wrong.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    /// <exception cref="StorageException">There is no index, or the directory cannot be listed at the moment.</exception>
    public static async Task<DatasetVerification> VerifyAsync(
        string location,
        bool hashes = false,
        bool decode = false,
        int? workers = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var dataset = await DatasetLocation.OpenAsync(location, split: null, cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var options = new DatasetVerifierOptions { Hashes = hashes, Decode = decode, Workers = workers ?? Environment.ProcessorCount };
        return await VerifyAsync(dataset.Store, dataset.Directory, dataset.Index, options, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Verifies a dataset that is open.</summary>
    /// <param name="store">The dataset's directory; not disposed.</param>
    /// <param name="directory">The path of this directory if it is on this machine, so that files are read where they are; else
    /// <see langword="null"/>.</param>
    /// <param name="index">The dataset's index.</param>
    /// <param name="options">How thorough to be; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Hears how far the work is, from any thread; samples of damaged shards count as skipped.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was found. Problems of files are part of it; they are not thrown.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is wrong.</exception>
    /// <exception cref="StorageException">The directory cannot be listed at the moment.</exception>
    internal static async Task<DatasetVerification> VerifyAsync(
        IObjectStore store,
        string? directory,
        DatasetIndex index,
        DatasetVerifierOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(index);
        options ??= new DatasetVerifierOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ProblemsPerShard, 1, nameof(options));

        var retrying = new RetryingObjectStore(store, ownsInner: false);
        await using var ending = retrying.ConfigureAwait(false);
        var unlisted = await FindUnlistedAsync(retrying, index, cancellationToken).ConfigureAwait(false);
        using var stage = new ShardStage(retrying, directory);
        var meter = new ProgressMeter(progress, new ConversionProgress(0, index.SampleCount, 0, 0), options.TimeProvider);
        var verifiers = CreateVerifiers(index, options);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, verifiers.Length, parallel, async (shard, token) =>
        {
            await verifiers[shard].RunAsync(stage, token).ConfigureAwait(false);
            var samples = index.Shards[shard].SampleCount;
            meter.Add(samples, samples - verifiers[shard].CheckedSamples, verifiers[shard].CheckedBytes);
        }).ConfigureAwait(false);
        meter.Complete();
        return new DatasetVerification
        {
            CheckedSamples = verifiers.Sum(static verifier => (long)verifier.CheckedSamples),
            CheckedBytes = verifiers.Sum(static verifier => verifier.CheckedBytes),
            Problems = [.. verifiers.SelectMany(static verifier => verifier.Problems)],
            UnlistedFiles = unlisted,
            UndecodedColumns = options.Decode ? FindUndecoded(index) : [],
        };
    }

    private static ShardVerifier[] CreateVerifiers(DatasetIndex index, DatasetVerifierOptions options)
    {
        var verifiers = new ShardVerifier[index.Shards.Length];
        var firstSample = 0L;
        for (var shard = 0; shard < verifiers.Length; shard++)
        {
            verifiers[shard] = new ShardVerifier(index.Shards[shard], firstSample, options);
            firstSample += index.Shards[shard].SampleCount;
        }

        return verifiers;
    }

    /// <summary>Finds files that are named as shards, in the folders in which the index has files.</summary>
    private static async ValueTask<ImmutableArray<string>> FindUnlistedAsync(
        RetryingObjectStore store, DatasetIndex index, CancellationToken cancellationToken)
    {
        var listed = index.Shards.SelectMany(static shard => shard.Files)
            .SelectMany(static file => new[] { file.Raw.Basename, file.Stored.Basename })
            .ToHashSet(StringComparer.Ordinal);
        var folders = listed.Select(FolderOf).Append("").ToHashSet(StringComparer.Ordinal);
        var unlisted = new List<string>();
        try
        {
            await foreach (var found in store.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                if (!listed.Contains(found.Key) && folders.Contains(FolderOf(found.Key)) && ShardFileName.TryParse(found.Key) is not null)
                {
                    unlisted.Add(found.Key);
                }
            }
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.NotSupported)
        {
            return [];
        }

        return [.. unlisted.Order(StringComparer.Ordinal)];
    }

    private static string FolderOf(string key) => key[..(key.LastIndexOf('/') + 1)];

    private static ImmutableArray<string> FindUndecoded(DatasetIndex index) =>
    [
        .. index.Shards.Select(static shard => shard.Schema).Distinct()
            .SelectMany(static schema => schema.Columns.Where(
                (_, column) => FieldEncodings.FindForColumn(schema, column) is { IsSafe: false }))
            .Select(static column => column.Name)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
