// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Ordering;

namespace TorchStreaming.Datasets;

/// <summary>Which epoch of a dataset in Composer's legacy format comes next, and where it begins.</summary>
/// <remarks>Composer could not resume; states are ours alone. A state's seed stays in force. Not thread-safe.</remarks>
internal sealed class LegacyProgress(LegacyOrder order, ulong seed, World world)
{
    private ulong _seed = seed;
    private long _nextEpoch;
    private LoaderState? _loaded;
    private LoaderState? _begun;

    /// <summary>Begins the next epoch, or the rest of the one of a loaded state.</summary>
    /// <exception cref="ResumeException">The loaded state does not fit.</exception>
    public LoaderState Begin(int batchSize, int workers)
    {
        var start = order.GetStart(_nextEpoch, _seed, batchSize, workers);
        if (_loaded is { } loaded)
        {
            order.RequireMatch(loaded, batchSize, workers);
            start = start with { Epoch = loaded.Epoch, SampleInEpoch = loaded.SampleInEpoch, ShuffleSeed = loaded.ShuffleSeed };
            _seed = loaded.ShuffleSeed;
            _loaded = null;
        }

        _nextEpoch = start.Epoch + 1;
        return _begun = start;
    }

    /// <summary>Makes the state after some samples of this device.</summary>
    public LoaderState GetState(long samplesYielded)
    {
        var state = _loaded ?? _begun ?? order.GetStart(0, _seed, loaderBatchSize: 0, workers: 0) with { Epoch = -1 };
        return state with { SampleInEpoch = checked(state.SampleInEpoch + (samplesYielded * world.RankCount)) };
    }

    /// <summary>Makes the next epoch continue from a state.</summary>
    public void Load(LoaderState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _loaded = state;
    }
}
