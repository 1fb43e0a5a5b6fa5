// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Reading;

/// <summary>A loader that reads epoch after epoch.</summary>
internal sealed class LoaderEpochs : IDisposable
{
    private readonly StreamingDataset _data;
    private readonly BatchLoader _loader;

    public LoaderEpochs(SampleShards shards, bool shuffled, int threads, ColumnSet columns)
    {
        _data = StreamingDataset.Open(shards.Location, ReadBenchmark.Options(shuffled));
        _loader = new BatchLoader(_data, columns, new BatchLoaderOptions { Threads = threads });
    }

    /// <summary>Reads an epoch, its planning included.</summary>
    /// <returns>The number of samples.</returns>
    public double Read()
    {
        var samples = 0L;
        foreach (var batch in _loader)
        {
            samples += batch.Count;
        }

        return samples;
    }

    public void Dispose()
    {
        _loader.Dispose();
        _data.Dispose();
    }
}
