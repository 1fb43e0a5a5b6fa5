// SPDX-License-Identifier: MIT

using TorchStreaming.Benchmarks;
using TorchStreaming.Benchmarks.Loading;
using TorchStreaming.Benchmarks.Ordering;
using TorchStreaming.Benchmarks.Reading;
using TorchStreaming.Benchmarks.Storage;
using TorchStreaming.Benchmarks.Tars;
using TorchStreaming.Benchmarks.Writing;

return args switch
{
    ["ordering", .. var rest] => OrderingBenchmark.Run(rest),
    ["ordering-row", var algorithm, var samples] => OrderingRow.Run(algorithm, samples),
    ["ordering-quality"] => OrderingQuality.Run(),
    ["link", .. var rest] => await LinkBenchmark.RunAsync(rest),
    ["link-server", var folder, var milliseconds, var bandwidth, var faults] =>
        await LinkServer.RunAsync(folder, LinkProfile.Parse(milliseconds, bandwidth, faults)),
    ["link-row", var address, var milliseconds, var bandwidth, var faults] =>
        await LinkRow.RunAsync(address, LinkProfile.Parse(milliseconds, bandwidth, faults)),
    ["plan"] => await PlanBenchmark.RunAsync(),
    ["plan-row", var address] => await PlanRow.RunAsync(address),
    ["first-batch"] => FirstBatchBenchmark.Run(),
    ["first-batch-row", var order, var folder] => FirstBatchBenchmark.RunRow(order, folder),
    ["page-cache"] => await PageCacheBenchmark.RunAsync(),
    ["read"] => await ReadBenchmark.RunAsync(),
    ["read", var workload] => await ReadBenchmark.RunAsync(workload),
    ["get"] => await GetBenchmark.RunAsync(),
    ["open"] => OpenBenchmark.Run(),
    ["open-row", var remote, var local] => OpenBenchmark.RunRow(remote, local),
    ["write"] => await WriteBenchmark.RunAsync(),
    ["kernels", .. var rest] => KernelBenchmarks.Run(rest),
    ["tars-server", var size, var count] => await BatchServer.RunAsync(size, count),
    ["tars", .. var rest] => await TarBenchmark.RunAsync(rest),
    ["images"] => await ImageLoaderBenchmark.RunAsync(),
    ["torch-loader"] => await TorchLoaderBenchmark.RunAsync(),
    _ => ShowUsage(),
};

static int ShowUsage()
{
    Console.WriteLine("""
        usage: dotnet run -c Release --project benchmarks -- <benchmark>

          ordering [largest]    plan time, memory, first id, resume and streaming rate of every shuffle algorithm,
                                for sizes up to 'largest' (default 1b)
          ordering-quality      entropy of the orders, beside a full shuffle
          link [raw|zstd]       cold epochs over links of given latency and bandwidth: utilization, first batch, processor time
          plan                  what the simulator predicts, beside measured cold epochs over links
          first-batch           time to the first batch of local datasets of 1m, 10m and 100m samples
          page-cache            epochs over local shards that are in the page cache and that are not
          read [workload]       samples/s of the loader on arrays (4 KB), bytes (110 KB), small rows, beside upstream and bare reads
          get                   latency of one sample at random, beside upstream
          open                  time and memory to open a dataset by its number of shards, beside upstream
          write                 rate of the writer on bytes, small rows and text, beside upstream and bare writes
          images                the loader on JPEG shards, beside a bare decode
          tars [MiB]            tars of 110 KB and 4 KB members, indexed and from front to back, beside Python's tarfile
                                and a plain read of the same files, and objects by GetBatch (default 512 MiB for each size)
          torch-loader          StreamingDataLoader beside TorchSharp's DataLoader
          kernels [options]     time and memory of single steps, by BenchmarkDotNet: --list flat, --filter *Image*, --job short
        """);
    return 2;
}
