// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Benchmarks.Writing;

/// <summary>Measures what runs over every byte of a shard: the hashes, and snappy, which a shard is compressed with as a whole.</summary>
internal static class ByteBenchmark
{
    public static int Run()
    {
        var noise = new byte[1 << 26];
        new Random(1).NextBytes(noise);
        var text = Encoding.UTF8.GetBytes(string.Concat(Texts.Create()));
        Comparison.PrintHead("Bytes of shards, one thread.");
        foreach (var name in ShardHashes.Names)
        {
            new Comparison(name, "MB/s")
                .Add("64 MiB", () => Hash(name, noise, noise.Length))
                .Add("pieces of 4 KiB", () => Hash(name, noise.AsSpan(0, 1 << 24), 4096))
                .Run();
        }

        Run("snappy, text", text);
        Run("snappy, noise", noise);
        return 0;
    }

    private static double Hash(string name, ReadOnlySpan<byte> bytes, int length)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < bytes.Length; i += length)
        {
            using var hash = ShardHashes.Create(name);
            hash.Append(bytes.Slice(i, length));
            hash.GetHexDigest();
        }

        return bytes.Length / clock.Elapsed.TotalSeconds / 1e6;
    }

    private static void Run(string workload, byte[] content)
    {
        var codec = CompressionCodecs.Get("snappy");
        using var compressed = new MemoryStream();
        Compress(compressed);
        new Comparison(workload, "MB/s")
            .Add("compression", () => Rate.PerSecond(() => Compress(Stream.Null)))
            .Add("decompression", () => Rate.PerSecond(() =>
            {
                compressed.Position = 0;
                using var decompressor = codec.OpenDecompressor(compressed);
                return decompressor.Length / 1e6;
            }))
            .Run();

        double Compress(Stream output)
        {
            using var compressor = codec.OpenCompressor(output, null, content.Length);
            compressor.Write(content);
            return content.Length / 1e6;
        }
    }
}
