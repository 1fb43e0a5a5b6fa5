// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Caching;
using TorchStreaming.Loading;

namespace TorchStreaming;

/// <content>What loaders need.</content>
public sealed partial class LegacyStreamingDataset
{
    DatasetShards ILoaderSource.Shards => _shards;

    int? ILoaderSource.BatchSize => Options.BatchSize is > 0 and var size ? size : null;

    int? ILoaderSource.Predownload => Options.Predownload;

    long ILoaderSource.EpochLength => Count;

    ILoggerFactory ILoaderSource.LoggerFactory => Options.LoggerFactory;

    CacheBudget? ILoaderSource.CacheBudget => _budget;

    EpochStart ILoaderSource.BeginEpoch(int batchSize, int workers)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (_epochLock)
        {
            var state = _progress.Begin(batchSize, workers);
            return new EpochStart(
                state.Epoch,
                unchecked((long)state.ShuffleSeed),
                state.SampleInEpoch,
                batchSize,
                () => _order.OpenCursor(state, batchSize, workers));
        }
    }

    LoaderState ILoaderSource.StateDict(long samplesYielded)
    {
        lock (_epochLock)
        {
            return _progress.GetState(samplesYielded);
        }
    }

    void ILoaderSource.LoadStateDict(LoaderState state)
    {
        lock (_epochLock)
        {
            _progress.Load(state);
        }
    }
}
