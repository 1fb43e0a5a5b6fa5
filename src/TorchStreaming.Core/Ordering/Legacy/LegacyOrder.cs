// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Ordering;

/// <summary>The order of a dataset in Composer's legacy format. Immutable and thread-safe.</summary>
/// <remarks>Composer shuffles with a generator that nobody seeds, and by the time at which shards arrive. Here the order is a function of
/// seed, epoch and part; as there, samples never move from one worker to another.</remarks>
internal sealed class LegacyOrder(Spanner spanner, World world, bool shuffle, int? batchSize)
{
    private readonly string _sizes = OrderFingerprintSource.DigestOf(spanner);

    /// <summary>Gets the map from samples to shards.</summary>
    public Spanner Spanner => spanner;

    /// <summary>Gets the samples of an epoch that each device has.</summary>
    public long SamplesPerDevice => LegacyPartition.CountPerDevice(spanner.SampleCount, world);

    /// <summary>Gets a worker's part.</summary>
    public LegacyPartition GetPartition(int worker, int workers) =>
        LegacyPartition.Create(spanner, world, worker, workers, batchSize);

    /// <summary>Makes the state at the beginning of an epoch.</summary>
    public LoaderState GetStart(long epoch, ulong seed, int loaderBatchSize, int workers) => new()
    {
        Epoch = epoch,
        SampleInEpoch = 0,
        NumCanonicalNodes = world.NodeCount,
        ShuffleSeed = seed,
        InitialPhysicalNodes = world.NodeCount,
        Fingerprint = GetFingerprint(loaderBatchSize, workers),
    };

    /// <summary>Opens a walk over the rest of an epoch.</summary>
    public BatchCursor OpenCursor(LoaderState state, int loaderBatchSize, int workers)
    {
        var count = Math.Max(workers, 1);
        ulong? key = shuffle ? KeyedPermutation.DeriveKey(state.ShuffleSeed, (ulong)state.Epoch) : null;
        return new LegacyBatchCursor(
            [.. Enumerable.Range(0, count).Select(worker => GetPartition(worker, count))],
            loaderBatchSize,
            key,
            state.SampleInEpoch / world.RankCount);
    }

    /// <summary>Checks that a state can be resumed from.</summary>
    /// <exception cref="ResumeException">It was taken from another dataset, or within an epoch that another world, other workers or other
    /// options have in another order.</exception>
    public void RequireMatch(LoaderState state, int loaderBatchSize, int workers)
    {
        if (state.Epoch < 0 || state.SampleInEpoch < 0)
        {
            throw new ResumeException(
                $"The state is at sample {state.SampleInEpoch} of epoch {state.Epoch}: it was taken before an epoch began and has no "
                + "place to resume at.");
        }

        if (state.Fingerprint is not { } saved)
        {
            throw new ResumeException(
                "The state does not say what it was taken from. Composer's legacy format had no such states, so it belongs to another "
                + "dataset.");
        }

        var current = GetFingerprint(loaderBatchSize, workers);
        if ((saved.Samples, saved.Shards, saved.Sizes) != (current.Samples, current.Shards, current.Sizes))
        {
            throw new ResumeException(
                $"The state was taken from another dataset: it had {saved.Samples} samples in {saved.Shards} shards (digest "
                + $"{saved.Sizes}), this one has {current.Samples} samples in {current.Shards} shards (digest {current.Sizes}).");
        }

        if (state.SampleInEpoch > 0 && saved.Options != current.Options)
        {
            throw new ResumeException(
                $"The state was taken within an epoch of '{saved.Options}', and now it is '{current.Options}'. This format divides samples "
                + "over devices and workers once and for all: continue with the same numbers, or from the beginning of an epoch.");
        }
    }

    private OrderFingerprint GetFingerprint(int loaderBatchSize, int workers) => new(
        spanner.SampleCount,
        spanner.ShardCount,
        _sizes,
        string.Create(
            CultureInfo.InvariantCulture,
            $"legacy shuffle={(shuffle ? "yes" : "none")} nodes={world.NodeCount} ranks={world.RankCount} workers={Math.Max(workers, 1)} "
            + $"batch={loaderBatchSize} hint={batchSize ?? 0}"));
}
