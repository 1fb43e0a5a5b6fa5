// SPDX-License-Identifier: MIT

using TorchStreaming.Benchmarks.Loading;
using TorchStreaming.Benchmarks.Ordering;
using TorchStreaming.Benchmarks.Tars;

return args switch
{
    ["ordering", .. var rest] => OrderingBenchmark.Run(rest),
    ["ordering-row", var algorithm, var samples] => OrderingRow.Run(algorithm, samples),
    ["ordering-quality"] => OrderingQuality.Run(),
    ["tars", .. var rest] => await TarBenchmark.RunAsync(rest),
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
          tars [MiB]            tars of 110 KB and 4 KB members, indexed and from front to back, beside Python's tarfile
                                and a plain read of the same files (default 512 MiB for each size)
          torch-loader          StreamingDataLoader beside TorchSharp's DataLoader, where TorchSharp is on the feed
        """);
    return 2;
}
