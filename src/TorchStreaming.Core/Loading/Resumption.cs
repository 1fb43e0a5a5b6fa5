// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Which epoch comes next, and where it begins: upstream's rules of resumption, except that a state also takes a run
/// back.</summary>
/// <remarks>
/// <para>What a state brings (canonical nodes, seed, initial nodes) stays in force for later epochs when there are no worker processes.
/// Upstream's workers are processes made again for each epoch from the main process, which learns what a state brought only when it is asked
/// for one. So with workers those values hold for the resumed epoch alone, unless a state is taken while it runs. Kept, since the order of
/// the later epochs depends on it.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class Resumption(World world)
{
    private long _nextEpoch;
    private LoaderState? _loaded;
    private LoaderState? _inForce;

    /// <summary>Decides where the next epoch begins. <see cref="Begin"/> follows when it could be planned.</summary>
    public LoaderState PlanNext(SampleOrder order) => Resume(order, _nextEpoch);

    /// <summary>Begins an epoch.</summary>
    /// <param name="state">Where it begins.</param>
    /// <param name="hasWorkers">Whether upstream would walk it in worker processes.</param>
    public void Begin(LoaderState state, bool hasWorkers)
    {
        _nextEpoch = state.Epoch + 1;
        if (!hasWorkers)
        {
            _inForce = state;
        }
    }

    /// <summary>Makes the state of the run.</summary>
    /// <param name="order">The dataset's order.</param>
    /// <param name="samples">How many samples all ranks together have had.</param>
    /// <param name="fromBeginning">Whether they are counted from the epoch's beginning rather than from where it was resumed.</param>
    public LoaderState GetState(SampleOrder order, long samples, bool fromBeginning)
    {
        var state = Resume(order, _nextEpoch - 1);
        _inForce = state;
        var nodes = order.GetStartOfEpoch(world, 0).InitialPhysicalNodes;
        return state with
        {
            SampleInEpoch = fromBeginning ? samples : checked(state.SampleInEpoch + samples),
            InitialPhysicalNodes = state.InitialPhysicalNodes ?? nodes,
        };
    }

    /// <summary>Makes the next epoch continue from a state.</summary>
    public void Load(LoaderState state)
    {
        _loaded = state;
        _nextEpoch = Math.Max(0, Math.Min(_nextEpoch, state.Epoch));
    }

    private LoaderState Resume(SampleOrder order, long presumed)
    {
        if (_loaded is { } loaded && loaded.Epoch >= presumed)
        {
            return loaded;
        }

        var start = order.GetStartOfEpoch(world, Math.Max(0, presumed)) with { Epoch = presumed };
        return _inForce is null ? start : start with
        {
            NumCanonicalNodes = _inForce.NumCanonicalNodes,
            ShuffleSeed = _inForce.ShuffleSeed,
            InitialPhysicalNodes = _inForce.InitialPhysicalNodes,
            Fingerprint = _inForce.Fingerprint,
        };
    }
}
