// SPDX-License-Identifier: MIT

namespace TorchStreaming.Tests.Ordering;

/// <summary>Lays the slots of all ranks out as upstream's tensor: nodes, ranks, workers, batches, places in the batch.</summary>
internal static class TensorLayout
{
    public static long[] Fill(ReadOnlySpan<long> shape, Func<int, int, long, long> valueAt)
    {
        var (nodes, ranks, workers, batches, batchSize) = (shape[0], shape[1], shape[2], shape[3], shape[4]);
        var values = new long[nodes * ranks * workers * batches * batchSize];
        var next = 0;
        for (var node = 0; node < nodes; node++)
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                for (var worker = 0L; worker < workers; worker++)
                {
                    for (var batch = 0L; batch < batches; batch++)
                    {
                        for (var place = 0L; place < batchSize; place++)
                        {
                            values[next++] = valueAt(node, rank, (((batch * workers) + worker) * batchSize) + place);
                        }
                    }
                }
            }
        }

        return values;
    }
}
