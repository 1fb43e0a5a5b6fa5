// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Tars;

/// <summary>Measures how fast samples come out of tars, and when the first batch is there: by an index in shuffled order, without one from
/// front to back, by Python's tarfile, and, as the limit of all of them, plain reads of the files. Beside them objects of the same size come
/// from a small AIStore cluster, many in one call and one by one.</summary>
/// <remarks>Medians of interleaved rounds after one to warm up. Every way hands out every byte of every field to a sum over one byte per
/// page, so that nobody wins by not reading.</remarks>
internal static class TarBenchmark
{
    private const int Rounds = 5;
    private const int BatchSize = 64;
    private const int PageSize = 4096;

    private static readonly string Python = """
        import sys, tarfile, time
        begin = time.perf_counter(); first = 0.0; samples = 0; key = None; total = 0
        for path in sys.argv[1:]:
            with tarfile.open(path, 'r|') as tar:
                for member in tar:
                    if not member.isreg(): continue
                    content = tar.extractfile(member).read()
                    total += sum(content[::4096])
                    name = member.name.split('.')[0]
                    if name != key:
                        key = name; samples += 1
                        if samples == 65: first = time.perf_counter() - begin
        print(samples, time.perf_counter() - begin, first, total)
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var bytes = (arguments.Length > 0 ? long.Parse(arguments[0], CultureInfo.InvariantCulture) : 512) << 20;
        Console.WriteLine("| members | what | samples/s | of the plain read | of Python | first batch of 64 (ms) |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var size in new[] { 110_000, 4_000 })
        {
            await RunAsync(size, (int)(bytes / size));
        }

        return 0;
    }

    private static async Task RunAsync(int size, int samples)
    {
        var folder = Directory.CreateTempSubdirectory("torchstreaming-tars-").FullName;
        try
        {
            await WriteAsync(folder, size, samples);
            using var server = new BatchServer(size, samples);
            var results = new List<(string What, double Seconds, double First)>[Rounds + 1];
            for (var round = 0; round <= Rounds; round++)
            {
                results[round] =
                [
                    ("plain read", ReadPlain(folder), 0),
                    Named("indexed, sample by sample", ReadIndexed(folder)),
                    Named("indexed, shuffled, in batches", ReadShuffled(folder)),
                    Named("from front to back", await ReadSequentialAsync(folder)),
                    ("finding samples, the first pass", FindSamples(folder), 0),
                    Named("objects by GetBatch, over loopback", await server.ReadTogetherAsync(BatchSize)),
                    Named("objects one by one, over loopback", await server.ReadEachAsync(BatchSize)),
                    Named("Python's tarfile", ReadPython(folder)),
                ];
            }

            Show(size, samples, results.Skip(1).ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string What, double Seconds, double First) Named(string what, (double Seconds, double First) result) =>
        (what, result.Seconds, result.First);

    private static void Show(int size, int samples, List<(string What, double Seconds, double First)>[] rounds)
    {
        var limit = Median(rounds.Select(static round => round[0].Seconds));
        var python = Median(rounds.Select(static round => round[^1].Seconds));
        for (var i = 0; i < rounds[0].Count; i++)
        {
            var seconds = Median(rounds.Select(round => round[i].Seconds));
            var first = Median(rounds.Select(round => round[i].First));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size:N0} B | {rounds[0][i].What} | {samples / seconds:N0} | {limit / seconds:P0} | ")
                + string.Create(CultureInfo.InvariantCulture, $"{python / seconds:0.0}x | {first * 1000:0.0} |"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static async Task WriteAsync(string folder, int size, int samples)
    {
        await using var writer = await TarShardWriter.CreateAsync(Path.Combine(folder, "data"), ["bin", "cls"]);
        var random = new Random(size);
        var content = new byte[size];
        for (var i = 0; i < samples; i++)
        {
            random.NextBytes(content);
            await writer.WriteAsync(new Dictionary<string, object?>
            {
                ["__key__"] = i.ToString("D9", CultureInfo.InvariantCulture), ["bin"] = content, ["cls"] = "7",
            });
        }

        await writer.CompleteAsync();
    }

    private static string[] TarsOf(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, "data"), "*.tar").Order(StringComparer.Ordinal)];

    private static double ReadPlain(string folder)
    {
        var buffer = new byte[1 << 20];
        var clock = Stopwatch.StartNew();
        var sum = 0L;
        foreach (var path in TarsOf(folder))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            while (file.Read(buffer) is var count and > 0)
            {
                sum += Touch(buffer.AsSpan(0, count));
            }
        }

        GC.KeepAlive(sum);
        return clock.Elapsed.TotalSeconds;
    }

    private static (double Seconds, double First) ReadIndexed(string folder)
    {
        var clock = Stopwatch.StartNew();
        using var dataset = StreamingDataset.Open(Path.Combine(folder, "data"), new() { World = World.Single });
        var first = 0.0;
        var sum = 0L;
        for (var i = 0L; i < dataset.Count; i++)
        {
            using var sample = dataset[i];
            sum += Touch(sample.Bytes("bin")) + Touch(sample.Bytes("cls"));
            first = i + 1 == BatchSize ? clock.Elapsed.TotalSeconds : first;
        }

        GC.KeepAlive(sum);
        return (clock.Elapsed.TotalSeconds, first);
    }

    private static (double Seconds, double First) ReadShuffled(string folder)
    {
        var clock = Stopwatch.StartNew();
        using var dataset = StreamingDataset.Open(
            Path.Combine(folder, "data"), new() { Shuffle = true, BatchSize = BatchSize, World = World.Single });
        using var loader = new BatchLoader(
            dataset, new ColumnSet(new BytesColumn("bin"), new BytesColumn("cls")), new BatchLoaderOptions { Threads = 1 });
        var first = 0.0;
        var sum = 0L;
        foreach (var batch in loader)
        {
            first = first == 0 ? clock.Elapsed.TotalSeconds : first;
            for (var row = 0; row < batch.Count; row++)
            {
                sum += Touch(batch.GetRow("bin", row)) + Touch(batch.GetRow("cls", row));
            }
        }

        GC.KeepAlive(sum);
        return (clock.Elapsed.TotalSeconds, first);
    }

    private static async Task<(double Seconds, double First)> ReadSequentialAsync(string folder)
    {
        var clock = Stopwatch.StartNew();
        await using var stream = await TarStream.OpenAsync(Path.Combine(folder, "data"), new() { World = World.Single });
        var first = 0.0;
        var (delivered, sum) = (0, 0L);
        await foreach (var sample in stream.ReadEpochAsync())
        {
            sum += Touch(sample["bin"].Span) + Touch(sample["cls"].Span);
            sample.Dispose();
            first = ++delivered == BatchSize ? clock.Elapsed.TotalSeconds : first;
        }

        GC.KeepAlive(sum);
        return (clock.Elapsed.TotalSeconds, first);
    }

    /// <summary>Finds the samples of tars of which nothing is known: a pass over their headers.</summary>
    private static double FindSamples(string folder)
    {
        var clock = Stopwatch.StartNew();
        foreach (var path in TarsOf(folder))
        {
            TarTableBuilder.Build(path, TarKeyRule.WebDataset, out _);
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static (double Seconds, double First) ReadPython(string folder)
    {
        var output = BenchmarkProcess.Run("python3", ["-c", Python, .. TarsOf(folder)]);
        if (output is null)
        {
            return (double.NaN, double.NaN);
        }

        var numbers = output.Split(' ');
        return (double.Parse(numbers[1], CultureInfo.InvariantCulture), double.Parse(numbers[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Looks at one byte of each page.</summary>
    internal static long Touch(ReadOnlySpan<byte> bytes)
    {
        var sum = 0L;
        for (var i = 0; i < bytes.Length; i += PageSize)
        {
            sum += bytes[i];
        }

        return sum;
    }
}
