// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Tars;

/// <summary>A small cluster in a process of its own, with objects of one size in memory, and the epochs over them.</summary>
internal sealed class BatchServer : IDisposable
{
    private const string BucketName = "objects";

    private readonly Process _process;
    private readonly AISBucket _bucket;

    /// <param name="size">The bytes of each object.</param>
    /// <param name="count">How many there are.</param>
    public BatchServer(int size, int count)
    {
        _process = BenchmarkProcess.StartSelf(
            ["tars-server", size.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)]);
        var address = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server did not start.");
        _bucket = new AISClient(null, new AISClientOptions { Endpoint = new Uri(address) }).Bucket(BucketName);
    }

    /// <summary>Runs the server; it writes its address and ends with its input.</summary>
    public static async Task<int> RunAsync(string size, string count)
    {
        await using var server = await AIStoreServer.StartAsync();
        var objects = int.Parse(count, CultureInfo.InvariantCulture);
        var random = new Random(objects);
        for (var i = 0; i < objects; i++)
        {
            var content = new byte[int.Parse(size, CultureInfo.InvariantCulture)];
            random.NextBytes(content);
            server.Contents.Put(BucketName, i.ToString("D9", CultureInfo.InvariantCulture), content);
        }

        Console.WriteLine(server.Endpoint);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Reads all objects, the listing included, many in one call.</summary>
    public Task<(double Seconds, double First)> ReadTogetherAsync(int first) =>
        ReadAsync(new AISBatchStream([_bucket], maxBatchSize: 256), first);

    /// <summary>Reads all objects, the listing included, each with a call of its own.</summary>
    public Task<(double Seconds, double First)> ReadEachAsync(int first) => ReadAsync(new AISObjectStream([_bucket]), first);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<(double Seconds, double First)> ReadAsync(AISSampleStream<AISItem> stream, int firstBatch)
    {
        var clock = Stopwatch.StartNew();
        var first = 0.0;
        var (delivered, sum) = (0, 0L);
        await foreach (var item in stream.ReadEpochAsync())
        {
            sum += TarBenchmark.Touch(item.Content.Span);
            first = ++delivered == firstBatch ? clock.Elapsed.TotalSeconds : first;
        }

        GC.KeepAlive(sum);
        return (clock.Elapsed.TotalSeconds, first);
    }
}
