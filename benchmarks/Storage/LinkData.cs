// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>The datasets that links carry: samples of 110 KB in shards of 64 MiB.</summary>
internal static class LinkData
{
    public const int SampleSize = 110_000;
    public const int BatchSize = 256;

    /// <summary>Gets where datasets and caches are put: a folder in memory where the system has one, so that the link is measured and not
    /// a disk; <c>TORCHSTREAMING_BENCHMARK_FOLDER</c> names another.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("TORCHSTREAMING_BENCHMARK_FOLDER")
        ?? (Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath());

    /// <summary>Writes a dataset.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="compression">How, or <see langword="null"/> for random bytes that nothing makes smaller.</param>
    /// <param name="shardSize">The size of shards, or <see langword="null"/> for the writer's.</param>
    public static async Task WriteAsync(string folder, int samples, string? compression, ByteSize? shardSize = null)
    {
        var options = new DatasetWriterOptions { CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression) };
        options = shardSize is { } size ? options with { SizeLimit = size } : options;
        await using var writer = await MdsWriter.CreateAsync(folder, new Dictionary<string, string> { ["x"] = "bytes" }, options);
        var random = new Random(1);
        var sample = new byte[SampleSize];
        for (var i = 0; i < samples; i++)
        {
            random.NextBytes(sample);
            if (compression is not null)
            {
                MakeCompressible(sample);
            }

            writer.Row.Set<ReadOnlySpan<byte>>("x", sample);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    /// <summary>Deletes a folder that may not be there.</summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Six bits of a byte vary, and half of all runs repeat what came before: about a third is left.
    private static void MakeCompressible(Span<byte> sample)
    {
        const int Run = 32;
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] &= 0x3F;
        }

        for (var i = 2 * Run; i + Run <= sample.Length; i += 2 * Run)
        {
            sample.Slice(i - (sample[i] % 4 * Run) - Run > 0 ? i - (sample[i] % 4 * Run) - Run : 0, Run).CopyTo(sample.Slice(i, Run));
        }
    }
}
