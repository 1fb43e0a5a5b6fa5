// SPDX-License-Identifier: MIT

using TorchStreaming.Benchmarks.Ordering;

return args switch
{
    ["ordering", .. var rest] => OrderingBenchmark.Run(rest),
    ["ordering-row", var algorithm, var samples] => OrderingRow.Run(algorithm, samples),
    ["ordering-quality"] => OrderingQuality.Run(),
    _ => ShowUsage(),
};

static int ShowUsage()
{
    Console.WriteLine("""
        usage: dotnet run -c Release --project benchmarks -- <benchmark>

          ordering [largest]    plan time, memory, first id, resume and streaming rate of every shuffle algorithm,
                                for sizes up to 'largest' (default 1b)
          ordering-quality      entropy of the orders, beside a full shuffle
        """);
    return 2;
}
