// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

/// <summary>A dataset on a server whose shards have several parts each, of random bytes that no compression makes smaller.</summary>
internal sealed class LargeShards : IAsyncDisposable
{
    public const int SampleSize = 1_000_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly List<byte[]> _samples = [];

    private LargeShards(ScriptedHttpServer server) => Server = server;

    public ScriptedHttpServer Server { get; }

    public IReadOnlyList<ShardInfo> Shards { get; private set; } = [];

    public string Directory => _directory.Combine("local");

    public IReadOnlyList<byte[]> Samples => _samples;

    public static async Task<LargeShards> CreateAsync(int samples, string? compression = null, params string[] hashes)
    {
        var data = new LargeShards(await ScriptedHttpServer.StartAsync());
        var folder = data._directory.Combine("written");
        var options = new DatasetWriterOptions
        {
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
            Hashes = [.. hashes],
            SizeLimit = new ByteSize((2 * ObjectDownloader.PartSize) + (ObjectDownloader.PartSize / 2)),
        };
        var random = new Random(17);
        await using (var writer = await MdsWriter.CreateAsync(folder, new Dictionary<string, string> { ["x"] = "bytes" }, options))
        {
            for (var i = 0; i < samples; i++)
            {
                var sample = new byte[SampleSize];
                random.NextBytes(sample);
                data._samples.Add(sample);
                await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = sample });
            }

            await writer.CompleteAsync();
        }

        foreach (var file in System.IO.Directory.GetFiles(folder))
        {
            data.Server.Put(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        data.Shards = DatasetIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "index.json")), "index.json").Shards;
        return data;
    }

    public IEnumerable<string> LocalFiles => System.IO.Directory.Exists(Directory)
        ? System.IO.Directory.EnumerateFiles(Directory).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
        : [];

    /// <summary>Reads a file as it was written.</summary>
    public Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(Path.Combine(_directory.Combine("written"), name));

    /// <summary>Asserts that every sample of a shard is the one that was written.</summary>
    public void AssertSamples(ShardReader reader, int shard)
    {
        var first = Shards.Take(shard).Sum(static each => each.SampleCount);
        var ranges = new FieldRange[1];
        for (var i = 0; i < Shards[shard].SampleCount; i++)
        {
            Assert.True(reader.GetSample(i, ranges)[0].SequenceEqual(_samples[first + i]), $"sample {first + i}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
