// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Benchmarks.Writing;

/// <summary>Measures the writer, into a folder in memory where there is one.</summary>
internal static class WriteBenchmark
{
    private const int BlobCount = 8_000;
    private const int SmallCount = 4_000_000;
    private const int TextCount = 1_000_000;
    private const int ShardLength = 1 << 26;

    /// <summary>Upstream's writer is measured with fewer samples, since its rate does not depend on them.</summary>
    private const int UpstreamShare = 20;

    private static readonly string MemoryFolder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public static async Task<int> RunAsync()
    {
        using var upstream = Upstream.Start();
        var folder = Path.Combine(MemoryFolder, $"torchstreaming-benchmark-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            Comparison.PrintHead($"Writers into {MemoryFolder}, shards of 64 MiB.");
            RunBlobs(folder, upstream);
            RunSmall(folder, upstream);
            var lines = Texts.Create();
            var file = Path.Combine(folder, "texts");
            await File.WriteAllLinesAsync(file, lines, new UTF8Encoding(false));
            RunTexts(folder, upstream, lines, file, "", ["sha1", "xxh64"]);
            RunTexts(folder, upstream, lines, file, "zstd:3", []);
            RunTexts(folder, upstream, lines, file, "zstd:3", ["sha1", "xxh64"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void RunBlobs(string folder, Upstream? upstream)
    {
        var blobs = Blobs.Create();
        new Comparison("bytes, 110 KB", "MB/s")
            .Add("writer", () => Megabytes(BlobCount * (long)Blobs.Length, Write(
                folder, new() { ["x"] = "bytes" }, new(), BlobCount, (row, i) => row.SetBytes(0, blobs[i % blobs.Length]))))
            .AddUpstream("upstream", Ask(upstream, 0, "bytes", folder, BlobCount, "", [], ""))
            .AddLimit("bare writes of the same bytes", () => WriteBare(folder, blobs))
            .Run();
    }

    private static void RunSmall(string folder, Upstream? upstream) =>
        new Comparison("{int, float64}", "samples/s")
            .Add("writer", () => SmallCount / Write(folder, new() { ["a"] = "int", ["b"] = "float64" }, new(), SmallCount, static (row, i) =>
            {
                row.Set<long>(0, i);
                row.Set(1, (double)i);
            }))
            .AddUpstream("upstream", Ask(upstream, 1, "small", folder, SmallCount / 4, "", [], ""))
            .Run();

    private static void RunTexts(string folder, Upstream? upstream, string[] lines, string file, string compression, string[] hashes)
    {
        var options = new DatasetWriterOptions
        {
            CompressionScheme = compression.Length > 0 ? CompressionScheme.Parse(compression) : null,
            Hashes = [.. hashes],
        };
        var bytes = Enumerable.Range(0, TextCount).Sum(i => (long)lines[i % lines.Length].Length);
        var text = Encoding.UTF8.GetBytes(string.Concat(lines));
        var comparison = new Comparison(
            $"text, {(compression.Length > 0 ? compression : "not compressed")}{(hashes.Length > 0 ? ", " + string.Join(" and ", hashes) : "")}", "MB/s")
            .Add("writer", () => Megabytes(bytes, Write(
                folder, new() { ["x"] = "str" }, options, TextCount, (row, i) => row.Set(0, lines[i % lines.Length]))))
            .AddUpstream("upstream", Ask(upstream, 0, "text", folder, TextCount, compression, hashes, file));
        if (options.CompressionScheme is { } scheme)
        {
            comparison.AddLimit("bare compression of the same text, 2 threads", () => Compress(scheme, text));
        }

        comparison.Run();
    }

    private static Func<double>? Ask(
        Upstream? upstream, int answer, string kind, string folder, int count, string compression, string[] hashes, string file) =>
        upstream is null ? null : () => upstream.Ask(
            "write", kind, Path.Combine(folder, "upstream"), (count / UpstreamShare).ToString(CultureInfo.InvariantCulture), compression,
            string.Join(',', hashes), file)[answer];

    private static double Megabytes(long bytes, double seconds) => bytes / seconds / 1e6;

    private static double Write(
        string folder, Dictionary<string, string> columns, DatasetWriterOptions options, int count, Action<MdsRow, int> fill)
    {
        var output = Path.Combine(folder, "ours");
        var clock = Stopwatch.StartNew();
        WriteAsync(output, columns, options, count, fill).GetAwaiter().GetResult();
        var elapsed = clock.Elapsed.TotalSeconds;
        Directory.Delete(output, recursive: true);
        return elapsed;
    }

    private static async Task WriteAsync(
        string output, Dictionary<string, string> columns, DatasetWriterOptions options, int count, Action<MdsRow, int> fill)
    {
        await using var writer = await MdsWriter.CreateAsync(output, columns, options);
        for (var i = 0; i < count; i++)
        {
            fill(writer.Row, i);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    private static double WriteBare(string folder, byte[][] blobs)
    {
        var clock = Stopwatch.StartNew();
        var perFile = ShardLength / Blobs.Length;
        for (var i = 0; i < BlobCount; i += perFile)
        {
            using var file = new FileStream(Path.Combine(folder, "bare"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (var j = i; j < Math.Min(i + perFile, BlobCount); j++)
            {
                file.Write(blobs[j % blobs.Length]);
            }
        }

        var elapsed = clock.Elapsed.TotalSeconds;
        File.Delete(Path.Combine(folder, "bare"));
        return Megabytes(BlobCount * (long)Blobs.Length, elapsed);
    }

    private static double Compress(CompressionScheme scheme, byte[] text)
    {
        const int Repeats = 8;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Repeats, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ =>
        {
            using var compressor = scheme.Codec.OpenCompressor(Stream.Null, scheme.Level, text.Length);
            compressor.Write(text);
        });
        return Megabytes(Repeats * (long)text.Length, clock.Elapsed.TotalSeconds);
    }
}
