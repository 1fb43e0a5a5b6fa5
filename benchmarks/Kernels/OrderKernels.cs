// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Ordering;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>The ids of an epoch, batch after batch.</summary>
public class OrderKernels
{
    private const int BatchSize = 256;

    private readonly long[] _ids = new long[BatchSize];
    private SampleOrder _order = null!;
    private BatchCursor _cursor = null!;

    /// <summary>Gets the orders that need little memory.</summary>
    public static IEnumerable<ShuffleAlgorithm> Algorithms =>
        [ShuffleAlgorithm.Indexed, ShuffleAlgorithm.Py1E, ShuffleAlgorithm.Py1BR, ShuffleAlgorithm.Py1S, ShuffleAlgorithm.Py2S];

    /// <summary>Gets or sets the order.</summary>
    [ParamsSource(nameof(Algorithms))]
    public ShuffleAlgorithm Algorithm { get; set; }

    /// <summary>Plans the first epoch.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _order = new SampleOrder(new OrderOptions
        {
            Streams = [new StreamShape { ShardSizes = [.. Enumerable.Repeat(10_000, 1_000)] }],
            BatchSize = BatchSize,
            Shuffle = true,
            ShuffleAlgorithm = Algorithm,
        });
        Plan();
    }

    /// <summary>Gives the ids of a batch, and plans again at the end of the epoch. What is kept of each block of samples is allocated.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    [Allocates(64)]
    public void ReadBatch()
    {
        if (_cursor.ReadBatch(_ids) == 0)
        {
            Plan();
        }
    }

    private void Plan() => _cursor = _order.PlanEpoch(World.Single, _order.GetStartOfEpoch(World.Single, 0)).OpenCursor();
}
