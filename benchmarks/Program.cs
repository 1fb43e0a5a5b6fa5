// SPDX-License-Identifier: MIT

using TorchStreaming.Benchmarks.Loading;
using TorchStreaming.Benchmarks.Ordering;

return args switch
{
    ["ordering", .. var rest] => OrderingBenchmark.Run(rest),
    ["ordering-row", var algorithm, var samples] => OrderingRow.Run(algorithm, samples),
    ["ordering-quality"] => OrderingQuality.Run(),
    ["images"] => await ImageLoaderBenchmark.RunAsync(),
#if TORCH
    ["torch-loader"] => await TorchStreaming.Benchmarks.Torch.TorchLoaderBenchmark.RunAsync(),
#endif
    _ => ShowUsage(),
};

static int ShowUsage()
{
    Console.WriteLine("""
        usage: dotnet run -c Release --project benchmarks -- <benchmark>

          ordering [largest]    plan time, memory, first id, resume and streaming rate of every shuffle algorithm,
                                for sizes up to 'largest' (default 1b)
          ordering-quality      entropy of the orders, beside a full shuffle
          images                the loader on JPEG shards, beside a bare decode
          torch-loader          StreamingDataLoader beside TorchSharp's DataLoader, where TorchSharp is on the feed
        """);
    return 2;
}
