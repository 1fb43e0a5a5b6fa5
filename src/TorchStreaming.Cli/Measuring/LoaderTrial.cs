// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Cli;

/// <summary>What a loader did in one trial.</summary>
/// <param name="Threads">Its threads.</param>
/// <param name="SamplesPerSecond">The samples delivered per second.</param>
/// <param name="BytesPerSecond">The encoded bytes read per second.</param>
/// <param name="Bottleneck">What the loop waited for.</param>
/// <param name="FirstBatch">The time from the start to the first batch.</param>
internal sealed record LoaderTrial(
    int Threads, double SamplesPerSecond, double BytesPerSecond, BottleneckStage Bottleneck, TimeSpan FirstBatch)
{
    /// <summary>Reads batches for a while with a loop that does nothing else.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="transform">The transform applied to a sample.</param>
    /// <param name="threads">How many threads fill batches.</param>
    /// <param name="duration">How long to read, after the first batch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the trial.</param>
    public static async Task<LoaderTrial> RunAsync(
        StreamingDataset dataset, SampleTransform transform, int threads, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken)
    {
        var loader = new BatchLoader(dataset, transform, new BatchLoaderOptions { NumWorkers = threads, TimeProvider = time });
        await using var ending = loader.ConfigureAwait(false);
        var start = time.GetTimestamp();
        TimeSpan? first = null;
        long samples = 0;
        var bytes = 0L;
        TimeSpan elapsed;
        do
        {
            foreach (var batch in loader.ReadEpoch(cancellationToken))
            {
                if (first is null)
                {
                    // The first batch pays for threads, memory and the first shards.
                    first = time.GetElapsedTime(start);
                    start = time.GetTimestamp();
                    bytes = loader.Statistics.Bytes;
                }
                else
                {
                    samples += batch.Count;
                }

                // However short the trial and busy the machine: one batch after the first is measured.
                if (samples > 0 && time.GetElapsedTime(start) >= duration)
                {
                    break;
                }
            }

            elapsed = time.GetElapsedTime(start);
        }
        while ((elapsed < duration || samples == 0) && first is not null);

        var seconds = Math.Max(elapsed.TotalSeconds, 1e-9);
        var statistics = loader.Statistics;
        return new LoaderTrial(threads, samples / seconds, (statistics.Bytes - bytes) / seconds, statistics.BottleneckStage, first ?? elapsed);
    }
}
