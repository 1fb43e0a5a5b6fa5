// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>x</summary>
public sealed class StreamingDataset : ILoaderSource
{
    /// <summary>x</summary>
    public static string GetDefaultLocal(string remote) => LocalDirectories.GetDefault(remote);

    ShardMap ILoaderSource.Shards => throw new NotImplementedException();

    int? ILoaderSource.BatchSize => throw new NotImplementedException();

    int? ILoaderSource.Predownload => throw new NotImplementedException();

    long ILoaderSource.EpochLength => throw new NotImplementedException();

    ILoggerFactory ILoaderSource.LoggerFactory => throw new NotImplementedException();

    EpochStart ILoaderSource.BeginEpoch(int batchSize, int workers) => throw new NotImplementedException();

    LoaderState ILoaderSource.StateDict(long samplesYielded) => throw new NotImplementedException();

    void ILoaderSource.LoadStateDict(LoaderState state) => throw new NotImplementedException();
}
