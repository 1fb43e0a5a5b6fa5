// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Steps one rank through its epochs, and says and restores where it stands.</summary>
/// <remarks><para>Not thread-safe. A loaded state brings its canonical nodes, its seed and the nodes that its epoch began on, and they stay in force for the
/// epochs that follow.</para>
/// <para>Unlike upstream, a state of an epoch that has already begun in this process is taken too, so a run can go back to a saved place without
/// a new process; and what a state brings stays in force whether or not worker processes are used.</para></remarks>
public sealed class EpochSequence
{
    private readonly SampleOrder _order;
    private readonly World _world;
    private LoaderState? _loaded;
    private LoaderState? _current;
    private long _nextEpoch;

    /// <summary>Creates the sequence, at the beginning of epoch 0.</summary>
    /// <param name="order">The data set's order.</param>
    /// <param name="world">The world that this process belongs to.</param>
    /// <exception cref="ArgumentException">The world's ranks are not divisible by the replication.</exception>
    public EpochSequence(SampleOrder order, World world)
    {
        ArgumentNullException.ThrowIfNull(order);
        _order = order;
        _world = world;
        // Fails early where the world does not fit.
        order.GetStartOfEpoch(world, 0);
    }

    /// <summary>Gets the epoch that <see cref="BeginEpoch"/> will begin.</summary>
    public long NextEpoch => _loaded?.Epoch ?? _nextEpoch;

    /// <summary>Plans the next epoch: the rest of a loaded one, or a whole one. Mirrors what <c>iter(dataset)</c> does to the epoch counter.</summary>
    /// <param name="workers">The workers that take turns in giving batches; 0 counts as 1.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">The data set, the options and the world do not fit each other.</exception>
    /// <exception cref="ResumeException">The loaded state does not fit the data set, the options or the world.</exception>
    public EpochOrder BeginEpoch(int workers = 1)
    {
        var state = _loaded ?? GetStart(_nextEpoch);
        var epoch = _order.PlanEpoch(_world, state, workers);
        _loaded = null;
        _current = state;
        _nextEpoch = checked(state.Epoch + 1);
        return epoch;
    }

    /// <summary>Makes the state of a place in the current epoch. Mirrors <c>StreamingDataset.state_dict(num_samples, from_beginning)</c>.</summary>
    /// <param name="samples">The samples that all ranks together have had; of replicated ranks one counts.</param>
    /// <param name="fromBeginning">Whether they are counted from the beginning of the epoch instead of from where it was resumed.</param>
    /// <returns>The state. Before the first epoch has begun its epoch is -1, which loads as the beginning.</returns>
    public LoaderState GetState(long samples, bool fromBeginning = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        var state = _loaded ?? _current ?? (GetStart(0) with { Epoch = -1 });
        return state with
        {
            SampleInEpoch = fromBeginning ? samples : checked(state.SampleInEpoch + samples),
            InitialPhysicalNodes = state.InitialPhysicalNodes ?? _order.GetStartOfEpoch(_world, 0).InitialPhysicalNodes,
            Fingerprint = _order.GetFingerprint(state.NumCanonicalNodes),
        };
    }

    /// <summary>Goes to a saved place, to be taken up by the next <see cref="BeginEpoch"/>. Mirrors <c>StreamingDataset.load_state_dict</c>.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ResumeException">The state was taken from another data set or with other options.</exception>
    public void Load(LoaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _order.RequireMatch(state);
        _loaded = state.Epoch < 0 ? null : state;
        if (state.Epoch < 0)
        {
            _current = null;
            _nextEpoch = 0;
        }
    }

    private LoaderState GetStart(long epoch)
    {
        var start = _order.GetStartOfEpoch(_world, epoch);
        return _current is { } current
            ? start with
            {
                NumCanonicalNodes = current.NumCanonicalNodes,
                ShuffleSeed = current.ShuffleSeed,
                InitialPhysicalNodes = current.InitialPhysicalNodes,
                Fingerprint = _order.GetFingerprint(current.NumCanonicalNodes),
            }
            : start;
    }
}
