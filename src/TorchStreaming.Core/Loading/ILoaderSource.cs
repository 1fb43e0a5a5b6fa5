// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>What a <see cref="BatchLoader"/> reads: a <see cref="StreamingDataset"/> or a <see cref="LegacyStreamingDataset"/>. What the loader
/// asks of it is not public.</summary>
public interface ILoaderSource
{
    /// <summary>Gets where samples are.</summary>
    internal DatasetShards Shards { get; }

    /// <summary>Gets the dataset's batch size, or <see langword="null"/> when it has none.</summary>
    internal int? BatchSize { get; }

    /// <summary>Gets how many samples the plan is read ahead, or <see langword="null"/> for eight batches.</summary>
    internal int? Predownload { get; }

    /// <summary>Gets how many samples of an epoch the rank has.</summary>
    internal long EpochLength { get; }

    /// <summary>Gets the maker of the loader's logger.</summary>
    internal ILoggerFactory LoggerFactory { get; }

    /// <summary>Gets what the caches have done since the dataset was opened.</summary>
    internal CacheStatistics CacheStatistics { get; }

    /// <summary>Gets what keeps the caches within the dataset's limit, or <see langword="null"/> when there is none.</summary>
    internal CacheBudget? CacheBudget => null;

    /// <summary>Starts the next epoch, or resumes the one of a loaded state.</summary>
    /// <param name="batchSize">The samples in a batch.</param>
    /// <param name="workers">The logical workers, 0 for none.</param>
    internal EpochStart BeginEpoch(int batchSize, int workers);

    /// <summary>Makes the state after some samples of the running epoch.</summary>
    /// <param name="samplesYielded">How many samples this rank has had since the epoch's start or resumption.</param>
    internal LoaderState StateDict(long samplesYielded);

    /// <summary>Makes the next epoch continue from a state.</summary>
    internal void LoadStateDict(LoaderState state);
}
