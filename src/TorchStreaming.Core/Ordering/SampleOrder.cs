// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>The order of a dataset's samples: from sizes, options, world and state to the batches of one rank.</summary>
/// <remarks>Immutable and thread-safe. Nothing random is drawn before an epoch is planned, and planning depends on its arguments
/// alone.</remarks>
public sealed class SampleOrder
{
    private readonly OrderFingerprintSource _fingerprints;

    /// <summary>Checks the options and derives the streams' weights.</summary>
    /// <param name="options">The sizes and options.</param>
    /// <exception cref="ArgumentException">An option is out of its range or contradicts another; the message shows the values and the
    /// rule.</exception>
    public SampleOrder(OrderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OrderOptionsValidation.Validate(options);
        Options = options;
        Spanner = new Spanner(options.Streams);
        Weights = StreamWeights.Derive(options);
        _fingerprints = new OrderFingerprintSource(options, Spanner);
    }

    /// <summary>Gets the options as given.</summary>
    public OrderOptions Options { get; }

    /// <summary>Gets the map from sample ids to shards.</summary>
    internal Spanner Spanner { get; }

    /// <summary>Gets what each stream contributes to an epoch.</summary>
    internal StreamWeights Weights { get; }

    /// <summary>Gets the samples of an epoch over all ranks, before any is repeated to fill up the ranks.</summary>
    public long EpochSize => Weights.EpochSize;

    /// <summary>Computes the samples of an epoch that one rank has: the epoch size divided by the ranks, rounded up.</summary>
    /// <param name="world">The world.</param>
    /// <returns>What <c>len(dataset)</c> is upstream.</returns>
    /// <exception cref="ArgumentException">The world's ranks are not divisible by the replication.</exception>
    public long GetLength(World world)
    {
        var ranks = Replicate(world).RankCount;
        return (EpochSize / ranks) + (EpochSize % ranks == 0 ? 0 : 1);
    }

    /// <summary>Makes the state of the beginning of an epoch, with the defaults that depend on the world filled in.</summary>
    /// <param name="world">The world in which the epoch begins.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentException">The world's ranks are not divisible by the replication.</exception>
    public LoaderState GetStartOfEpoch(World world, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        var nodes = Replicate(world).NodeCount;
        var canonicalNodes = Options.NumCanonicalNodes ?? DefaultCanonicalNodes(nodes);
        return new LoaderState
        {
            Epoch = epoch,
            SampleInEpoch = 0,
            NumCanonicalNodes = canonicalNodes,
            ShuffleSeed = Options.ShuffleSeed,
            InitialPhysicalNodes = nodes,
            Fingerprint = GetFingerprint(canonicalNodes),
        };
    }

    /// <summary>Gets what states of this order are marked with.</summary>
    /// <param name="numCanonicalNodes">The canonical nodes in force, on which the default block size depends.</param>
    /// <returns>The fingerprint.</returns>
    internal OrderFingerprint GetFingerprint(int numCanonicalNodes) => _fingerprints.Get(GetShuffleBlockSize(numCanonicalNodes));

    /// <summary>Computes the block size in force for a number of canonical nodes.</summary>
    /// <param name="numCanonicalNodes">The canonical nodes.</param>
    /// <returns>The given block size, or upstream's default.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long GetShuffleBlockSize(int numCanonicalNodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numCanonicalNodes, 1);
        return Options.ShuffleBlockSize ?? Math.Max(4_000_000 / numCanonicalNodes, 1 << 18);
    }

    /// <summary>Plans the rest of an epoch for the world's rank.</summary>
    /// <param name="world">The world, which may differ from the one that the state was taken in.</param>
    /// <param name="state">Where to begin: <see cref="GetStartOfEpoch"/>, or a saved state.</param>
    /// <param name="workers">The workers that take turns in giving batches; 0 counts as 1.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">The dataset, the options and the world do not fit each other.</exception>
    /// <exception cref="ResumeException">The state does not fit the dataset, the options or the world.</exception>
    public EpochOrder PlanEpoch(World world, LoaderState state, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        var parallel = Replicate(world);
        RequireMatch(state);
        if (state.Epoch < 0)
        {
            throw new ResumeException($"The state's epoch is {state.Epoch}: it was taken before an epoch began and has no place to "
                + "resume at.");
        }

        if (state.InitialPhysicalNodes < 1)
        {
            throw new ResumeException($"The state's epoch began on {state.InitialPhysicalNodes} nodes; there must be at least 1.");
        }

        var blockSize = GetShuffleBlockSize(state.NumCanonicalNodes);
        var request = new OrderRequest(Options, Spanner, Weights, parallel, Math.Max(workers, 1), state, blockSize);
        return Options.BatchingMethod switch
        {
            BatchingMethod.Random => new RandomBatching(request),
            BatchingMethod.Stratified => new StratifiedBatching(request),
            BatchingMethod.PerStream => new PerStreamBatching(request),
            BatchingMethod.DevicePerStream => new DevicePerStreamBatching(request),
            _ => throw new NotSupportedException($"The batching method {Options.BatchingMethod} is not available."),
        };
    }

    /// <summary>Checks that a state was taken from this dataset with these options, as far as the state says what it was taken
    /// from.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ResumeException">The state was taken from another dataset or with other options; the message shows
    /// both.</exception>
    public void RequireMatch(LoaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.NumCanonicalNodes is < 1 or > OrderOptionsValidation.MostCanonicalNodes || state.SampleInEpoch < 0)
        {
            throw new ResumeException(
                $"The state has {state.NumCanonicalNodes} canonical nodes and is at sample {state.SampleInEpoch}; there must be 1 to "
                + $"{OrderOptionsValidation.MostCanonicalNodes} canonical nodes, and samples are counted from 0.");
        }

        _fingerprints.RequireMatch(state, GetShuffleBlockSize(state.NumCanonicalNodes));
    }

    /// <inheritdoc/>
    public override string ToString() => $"Order of {Counted.Of(EpochSize, "sample")} an epoch: {Options}";

    private World Replicate(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return Options.Replication is { } replication ? world.Replicate(replication) : world;
    }

    private int DefaultCanonicalNodes(int nodes) =>
        Options.ShuffleAlgorithm is ShuffleAlgorithm.Py1S or ShuffleAlgorithm.Py2S ? checked(64 * nodes) : nodes;
}
