// SPDX-License-Identifier: MIT

using System.Collections;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>The order of a streaming dataset as a sampler: sample ids of this rank, one enumeration an epoch.</summary>
/// <remarks>
/// <para>Give it to a stock <c>torch.utils.data.DataLoader</c>, as the shuffler, together with the dataset it comes from. Such a loader
/// then delivers the same samples in the same order as <see cref="StreamingDataLoader"/>, only slower: it neither prepares batches ahead
/// nor fetches shards ahead. It counts batches by itself, so where logical workers end an epoch with short batches, the borders between
/// the last batches differ.</para>
/// <para>Each enumeration starts the dataset's next epoch, or continues in the one of a loaded state. Not thread-safe.</para>
/// </remarks>
public sealed class EpochSampler : IEnumerable<long>
{
    private readonly ILoaderSource _source;

    private EpochSampler(ILoaderSource source, int batchSize, int numWorkers)
    {
        _source = source;
        BatchSize = batchSize;
        NumWorkers = numWorkers;
    }

    /// <summary>Tells that an epoch starts.</summary>
    internal event Action<EpochStart>? EpochStarted;

    /// <summary>Gets the samples in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Gets the number of logical workers.</summary>
    public int NumWorkers { get; }

    /// <summary>Gets how many samples of this rank the last enumeration has given.</summary>
    public long SamplesYielded { get; private set; }

    /// <summary>Starts the next epoch, or continues in the one of a loaded state.</summary>
    /// <returns>The sample ids.</returns>
    /// <exception cref="ResumeException">The loaded state does not fit the dataset, its options or the world.</exception>
    public IEnumerator<long> GetEnumerator()
    {
        var start = _source.BeginEpoch(BatchSize, NumWorkers);
        EpochStarted?.Invoke(start);
        SamplesYielded = 0;
        return Walk(start.OpenCursor());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets where the run is: the samples given count as seen. Exact at the end of a batch.</summary>
    /// <returns>The state, with upstream's keys when written as JSON.</returns>
    public LoaderState StateDict() => _source.StateDict(SamplesYielded);

    /// <summary>Makes the next enumeration continue from a state.</summary>
    /// <param name="state">The state, also of another world or of an upstream run.</param>
    /// <exception cref="ResumeException">The state does not fit the dataset.</exception>
    public void LoadStateDict(LoaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _source.LoadStateDict(state);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Order of an epoch in batches of {BatchSize}, {Counted.Of(NumWorkers, "worker")}";

    internal static EpochSampler Create(ILoaderSource source, int? batchSize, int numWorkers)
    {
        if (batchSize is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(batchSize));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(numWorkers);
        var chosen = batchSize ?? source.BatchSize ?? throw new ArgumentException(
            "There is no batch size. Give one to the dataset or to the loader.", nameof(batchSize));
        if (source.BatchSize is { } known && known != chosen)
        {
            throw new ArgumentException(
                $"The batch size {chosen} is not the dataset's {known}. The order depends on it: give it once, or twice the same.",
                nameof(batchSize));
        }

        return new EpochSampler(source, chosen, numWorkers);
    }

    private IEnumerator<long> Walk(BatchCursor cursor)
    {
        var ids = new long[BatchSize];
        while (cursor.ReadBatch(ids) is var count && count > 0)
        {
            for (var i = 0; i < count; i++)
            {
                SamplesYielded++;
                yield return ids[i];
            }
        }
    }
}
