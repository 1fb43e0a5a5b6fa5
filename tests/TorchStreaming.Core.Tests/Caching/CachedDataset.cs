// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text;
using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

/// <summary>A small dataset in memory and a cache directory for it.</summary>
internal sealed class CachedDataset : IDisposable
{
    public const int SamplesPerShard = 40;

    /// <summary>Options for callers that wait for each other: their waits make the manual clock race, which must not end
    /// anybody's patience.</summary>
    public static readonly ShardCacheOptions Patient = new() { DownloadTimeout = TimeSpan.FromDays(10) };

    private readonly TemporaryDirectory _directory = new();

    private CachedDataset()
    {
        Remote = new ProbedObjectStore(Objects);
        Directory = _directory.Combine("local");
    }

    public InMemoryObjectStore Objects { get; } = new();

    public ProbedObjectStore Remote { get; }

    public string Directory { get; }

    public IReadOnlyList<ShardInfo> Shards { get; set; } = [];

    public PassingTimeProvider Time { get; } = new() { PassAtOnce = TimeSpan.FromSeconds(45) };

    public string Root => _directory.Path;

    /// <summary>Gets the names of everything below the cache directory but the lock files.</summary>
    public IEnumerable<string> LocalFiles => System.IO.Directory.Exists(Directory)
        ? System.IO.Directory.EnumerateFiles(Directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Directory, file).Replace('\\', '/'))
            .Where(static name => !name.StartsWith(".torchstreaming/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
        : [];

    /// <summary>Gets the bytes of <see cref="LocalFiles"/>, half-written ones included.</summary>
    public long LocalBytes => LocalFiles.Sum(name => new FileInfo(LocalPath(name)) is { Exists: true } file ? file.Length : 0);

    public static async Task<CachedDataset> CreateAsync(int shards = 3, string? compression = null, params ImmutableArray<string> hashes)
    {
        var data = new CachedDataset();
        var folder = data._directory.Combine("written");
        var options = new DatasetWriterOptions
        {
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
            Hashes = hashes,
            SizeLimit = new ByteSize(6000),
        };
        await using (var writer = await MdsWriter.CreateAsync(folder, new Dictionary<string, string> { ["text"] = "str" }, options))
        {
            for (var i = 0; i < shards * SamplesPerShard; i++)
            {
                await writer.WriteAsync(new Dictionary<string, object?> { ["text"] = Sample(i) });
            }

            await writer.CompleteAsync();
        }

        foreach (var file in System.IO.Directory.GetFiles(folder))
        {
            data.Objects.Write(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        data.Shards = DatasetIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "index.json")), "index.json").Shards;
        return data;
    }

    /// <summary>Puts every file of the dataset where the cache keeps its own, as if it were the only copy.</summary>
    public async Task CopyToLocalAsync()
    {
        await using var local = new LocalObjectStore(Directory);
        await foreach (var info in Objects.ListAsync())
        {
            await using var content = await Objects.OpenReadAsync(info.Key);
            await local.WriteAsync(info.Key, content.Stream);
        }
    }

    public ValueTask<ShardCache> OpenAsync(ShardCacheOptions? options = null) => OpenAsync(Remote, options);

    public ValueTask<ShardCache> OpenAsync(IObjectStore? remote, ShardCacheOptions? options = null) =>
        ShardCache.OpenAsync(Directory, Shards, remote, (options ?? new ShardCacheOptions()) with { TimeProvider = Time });

    public string LocalPath(string name) => Path.Combine(Directory, name);

    public string RawPath(int shard) => LocalPath(Shards[shard].Files[0].Raw.Basename);

    public async Task CorruptObjectAsync(string key, Func<byte[], byte[]> corrupt)
    {
        using var bytes = new MemoryStream();
        await using var content = await Objects.OpenReadAsync(key);
        await content.Stream.CopyToAsync(bytes);
        Objects.Write(key, corrupt(bytes.ToArray()));
    }

    /// <summary>Asserts that every sample of a shard is the one that was written.</summary>
    public void AssertSamples(ShardLease lease)
    {
        var first = Shards.Take(lease.Shard).Sum(static shard => shard.SampleCount);
        Assert.Equal(Shards[lease.Shard].SampleCount, lease.Reader.SampleCount);
        var ranges = new FieldRange[1];
        for (var i = 0; i < lease.Reader.SampleCount; i++)
        {
            Assert.Equal(Sample(first + i), Encoding.UTF8.GetString(lease.Reader.GetSample(i, ranges)[0]));
        }
    }

    public void Dispose() => _directory.Dispose();

    private static string Sample(int i) => $"sample {i:d5} " + new string((char)('a' + (i % 26)), 120);
}
