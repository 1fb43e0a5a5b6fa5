// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Faults;

/// <summary>A dataset for several processes, and what each of them must get of it.</summary>
internal sealed class SharedCacheData
{
    private readonly Dictionary<string, DirectoryEntry> _files;

    private SharedCacheData(string remote, DatasetIndex index)
    {
        Remote = remote;
        Index = index;
        _files = DirectoryContents.Digest(remote).ToDictionary(static pair => pair.Key, static pair => new DirectoryEntry(pair.Value));
    }

    public string Remote { get; }

    public DatasetIndex Index { get; }

    public long LargestShard => Index.Shards.Max(static shard => shard.RawBytes + (shard.Compression is null ? 0 : shard.StoredBytes));

    public static async Task<SharedCacheData> WriteAsync(string remote, int samples, string? compression)
    {
        await SmallDataset.WriteAsync(remote, samples, textLength: 1000, new DatasetWriterOptions
        {
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
            Hashes = ["xxh64"],
            SizeLimit = 50_000,
        });
        var path = Path.Combine(remote, DatasetIndex.FileName);
        return new SharedCacheData(remote, DatasetIndex.Parse(await File.ReadAllBytesAsync(path), path));
    }

    /// <summary>Gets the lines that a rank must report: what it gets when it reads in place and undisturbed.</summary>
    public string[] Expect(int rank, int ranks, int epochs)
    {
        using var dataset = StreamingDataset.Open(Remote, RankOptions.Create(rank, ranks));
        using var loader = new BatchLoader(dataset, new IdAndTextTransform());
        var lines = new string[epochs];
        for (var i = 0; i < epochs; i++)
        {
            var epoch = DeliveredEpoch.Read(loader);
            Assert.Null(epoch.Failure);
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Samples.Count} {epoch.Digest}");
        }

        return lines;
    }

    /// <summary>Asserts that a cache holds nothing but whole files with the right bytes, and locks.</summary>
    public void AssertClean(string local)
    {
        var sizes = Index.Shards.SelectMany(static shard => shard.Files).ToDictionary(static file => file.Raw.Basename, static file => file.Raw.Bytes);
        foreach (var (name, digest) in DirectoryContents.Digest(local))
        {
            if (name.StartsWith(".torchstreaming/", StringComparison.Ordinal))
            {
                Assert.True(
                    name is ".torchstreaming/limit" or ".torchstreaming/probe" or ".torchstreaming/origin"
                        || name.EndsWith(".lock", StringComparison.Ordinal)
                        || name.EndsWith(".lease", StringComparison.Ordinal),
                    $"'{name}' was left behind");
            }
            else if (_files.TryGetValue(name, out var file))
            {
                Assert.True(file.Digest == digest, $"'{name}' has other bytes than the remote");
            }
            else
            {
                // The raw form of a compressed shard; its bytes are proven by what was delivered.
                Assert.True(sizes.TryGetValue(name, out var bytes), $"'{name}' was left behind");
                Assert.Equal(bytes, new FileInfo(Path.Combine(local, name)).Length);
            }
        }
    }

    private sealed record DirectoryEntry(string Digest);
}
