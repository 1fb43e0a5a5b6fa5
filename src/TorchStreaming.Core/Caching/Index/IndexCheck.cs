// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Warns of a local index that is perhaps not, or not any more, the remote's. It is used all the same.</summary>
internal static class IndexCheck
{
    /// <summary>Compares where the index came from with the remote and, where the options ask for it, the two indexes.</summary>
    public static async ValueTask RunAsync(
        CacheDirectory directory, RetryingObjectStore remote, ShardCacheOptions options, CancellationToken cancellationToken)
    {
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(IndexFile).FullName!);
        if (directory.ReadOrigin() is { } origin && origin != remote.Location)
        {
            Log.OtherOrigin(logger, directory.Root, origin, remote.Location);
        }

        if (!options.CheckIndex)
        {
            return;
        }

        try
        {
            using var theirs = await IndexDownload.ReadAsync(remote, DatasetIndex.FileName, held: null, cancellationToken).ConfigureAwait(false);
            using var ours = await IndexDownload.TryReadTextAsync(directory.Locate(DatasetIndex.FileName), cancellationToken).ConfigureAwait(false);
            if (ours is null || !theirs.GetSpan().SequenceEqual(ours.GetSpan()))
            {
                Log.IndexChanged(logger, remote.Location, directory.Root);
            }
        }
        catch (Exception error) when (error is TorchStreamingException || FileErrors.IsFileError(error))
        {
            Log.IndexUnchecked(logger, directory.Root, error.Message);
        }
    }
}
