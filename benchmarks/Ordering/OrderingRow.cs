// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Ordering;

namespace TorchStreaming.Benchmarks.Ordering;

/// <summary>One row of the table: one algorithm at one size.</summary>
internal static class OrderingRow
{
    public const int ShardSize = 10_000;
    private const int BatchSize = 256;
    private const long MostStreamed = 20_000_000;
    private const int Repeats = 3;
    private const long LargestRepeated = 100_000_000;
    private const double Megabyte = 1 << 20;

    public static int Run(string algorithm, string samples)
    {
        // A small epoch first, so that loading and compiling code is not counted as planning.
        Measure(CreateOptions(algorithm, 200_000), 100_000);
        var count = SampleCount.Parse(samples).Samples;
        var options = CreateOptions(algorithm, count);
        GC.Collect();
        var before = Environment.WorkingSet;
        var result = Measure(options, count / 2);
        GC.Collect();
        for (var repeat = 1; repeat < (count <= LargestRepeated ? Repeats : 1); repeat++)
        {
            result = result.BestOf(Measure(options, count / 2));
            GC.Collect();
        }

        using var process = Process.GetCurrentProcess();
        var peak = Math.Max(process.PeakWorkingSet64 - before, 0) / Megabyte;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {samples} | {algorithm} | {result.Options:F2} | {result.FirstId:F2} | {result.Resume:F2} | {result.NanosecondsPerId:F1} "
            + $"| {peak:F1} |"));
        return 0;
    }

    public static OrderOptions CreateOptions(string algorithm, long samples)
    {
        var sizes = ImmutableArray.CreateBuilder<int>();
        for (; samples > 0; samples -= ShardSize)
        {
            sizes.Add((int)Math.Min(samples, ShardSize));
        }

        return new OrderOptions
        {
            Streams = [new StreamShape { ShardSizes = sizes.ToImmutable() }],
            BatchSize = BatchSize,
            Shuffle = algorithm != "none",
            ShuffleAlgorithm = algorithm == "none" ? ShuffleAlgorithm.Py1E : OrderNames.Parse<ShuffleAlgorithm>(algorithm),
            NumCanonicalNodes = 1,
        };
    }

    private static Result Measure(OrderOptions options, long resumeAt)
    {
        var clock = Stopwatch.StartNew();
        var order = new SampleOrder(options);
        var optionsTime = clock.Elapsed;
        var start = order.GetStartOfEpoch(World.Single, 1);
        var batch = new long[BatchSize];

        clock.Restart();
        var cursor = order.PlanEpoch(World.Single, start).OpenCursor();
        cursor.ReadBatch(batch);
        var firstId = clock.Elapsed;

        clock.Restart();
        var streamed = 0L;
        for (var count = cursor.ReadBatch(batch); count > 0 && streamed < MostStreamed; count = cursor.ReadBatch(batch))
        {
            streamed += count;
        }

        var streaming = clock.Elapsed;
        // What the first cursor held is not part of what the second needs.
        cursor = null;
        GC.Collect();
        clock.Restart();
        order.PlanEpoch(World.Single, start with { SampleInEpoch = resumeAt }).OpenCursor().ReadBatch(batch);
        return new Result(
            optionsTime.TotalMilliseconds,
            firstId.TotalMilliseconds,
            clock.Elapsed.TotalMilliseconds,
            streaming.TotalNanoseconds / Math.Max(streamed, 1));
    }

    private sealed record Result(double Options, double FirstId, double Resume, double NanosecondsPerId)
    {
        public Result BestOf(Result other) => new(
            Math.Min(Options, other.Options),
            Math.Min(FirstId, other.FirstId),
            Math.Min(Resume, other.Resume),
            Math.Min(NanosecondsPerId, other.NanosecondsPerId));
    }
}
