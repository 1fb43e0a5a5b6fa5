// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Caching;

/// <summary>Which of the two forms of a compressed file stays, and that the only copy always does.</summary>
public sealed class KeepZipTests
{
    private static readonly ShardCacheOptions Keeping = new() { KeepZip = true };

    [Fact]
    public async Task Lease_KeepZip_BothFormsStayAndNothingIsFetchedTwice()
    {
        using var data = await CachedDataset.CreateAsync(1, "zstd");
        for (var run = 0; run < 2; run++)
        {
            await using var cache = await data.OpenAsync(Keeping);
            (await cache.LeaseAsync(0)).Dispose();
        }

        Assert.Equal(["shard.00000.mds", "shard.00000.mds.zstd"], data.LocalFiles);
        Assert.Equal(1, data.Remote.Opens);
    }

    [Fact]
    public async Task Open_KeepZipSwitchedOff_DeletesTheZipAndNotTheRawFile()
    {
        using var data = await CachedDataset.CreateAsync(1, "zstd");
        await using (var cache = await data.OpenAsync(Keeping))
        {
            (await cache.LeaseAsync(0)).Dispose();
        }

        await using var next = await data.OpenAsync();
        (await next.LeaseAsync(0)).Dispose();

        Assert.Equal(["shard.00000.mds"], data.LocalFiles);
        Assert.Equal(1, data.Remote.Opens);
        Assert.Equal(data.Shards[0].RawBytes, next.Statistics.ResidentBytes);
    }

    [Fact]
    public async Task Lease_KeepZipSwitchedOn_FetchesTheZipAndKeepsTheRawFile()
    {
        using var data = await CachedDataset.CreateAsync(1, "zstd");
        await using (var cache = await data.OpenAsync())
        {
            (await cache.LeaseAsync(0)).Dispose();
        }

        var written = File.GetLastWriteTimeUtc(data.RawPath(0));
        await using var next = await data.OpenAsync(Keeping);
        (await next.LeaseAsync(0)).Dispose();

        Assert.Equal(["shard.00000.mds", "shard.00000.mds.zstd"], data.LocalFiles);
        Assert.Equal(written, File.GetLastWriteTimeUtc(data.RawPath(0)));
    }

    [Fact]
    public async Task Lease_ZipLeftOver_IsUsedInsteadOfADownload()
    {
        using var data = await CachedDataset.CreateAsync(1, "zstd");
        await data.CopyToLocalAsync();
        await using var cache = await data.OpenAsync();

        using var lease = await cache.LeaseAsync(0);

        data.AssertSamples(lease);
        Assert.Equal(0, data.Remote.Opens);
        Assert.Equal(["index.json", "shard.00000.mds"], data.LocalFiles);
    }

    [Fact]
    public async Task Lease_ZipLeftOverDamaged_IsFetchedAgain()
    {
        using var data = await CachedDataset.CreateAsync(1, "zstd");
        Directory.CreateDirectory(data.Directory);
        await File.WriteAllBytesAsync(data.LocalPath("shard.00000.mds.zstd"), new byte[data.Shards[0].StoredBytes]);
        await using var cache = await data.OpenAsync();

        using var lease = await cache.LeaseAsync(0);

        data.AssertSamples(lease);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Lease_OnlyCopy_IsDecompressedBesideAndKept(bool isRemoteToo, bool isBehindALink)
    {
        using var data = await CachedDataset.CreateAsync(2, "zstd");
        await data.CopyToLocalAsync();
        var path = data.Directory;
        if (isBehindALink)
        {
            path = Path.Combine(data.Root, "alias");
            Directory.CreateSymbolicLink(path, data.Directory);
        }

        var names = data.LocalFiles.ToList();
        for (var run = 0; run < 2; run++)
        {
            await using var cache = await data.OpenAsync(isRemoteToo ? new LocalObjectStore(path) : null);
            using var lease = await cache.LeaseAsync(0);
            data.AssertSamples(lease);
        }

        Assert.Equal(names.Append("shard.00000.mds").Order(StringComparer.Ordinal), data.LocalFiles);
    }

    [Fact]
    public async Task Lease_OnlyCopyUncompressed_WritesNothing()
    {
        using var data = await CachedDataset.CreateAsync();
        await data.CopyToLocalAsync();
        await using var cache = await data.OpenAsync(remote: null);

        (await cache.LeaseAsync(0)).Dispose();

        Assert.False(Directory.Exists(data.LocalPath(".torchstreaming")));
    }

    [Fact]
    public async Task Lease_OnlyCopyMissing_IsNotFoundWithTheRemedy()
    {
        using var data = await CachedDataset.CreateAsync();
        await using var cache = await data.OpenAsync(remote: null);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await cache.LeaseAsync(0));

        Assert.Equal(StorageErrorKind.NotFound, error.Kind);
        Assert.Contains("remote", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Directory));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zstd")]
    public async Task Lease_OnlyCopyTruncated_IsIntegrityErrorAndKept(string? compression)
    {
        using var data = await CachedDataset.CreateAsync(1, compression);
        await data.CopyToLocalAsync();
        var path = data.LocalPath(data.Shards[0].Files[0].Stored.Basename);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^5]);
        await using var cache = await data.OpenAsync(remote: null);

        Assert.Equal("size", (await Assert.ThrowsAsync<ShardIntegrityException>(async () => await cache.LeaseAsync(0))).Check);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Lease_OnlyCopyThatIsNoShard_IsShardFormatErrorAndKept()
    {
        using var data = await CachedDataset.CreateAsync(1);
        Directory.CreateDirectory(data.Directory);
        await File.WriteAllBytesAsync(data.RawPath(0), new byte[data.Shards[0].RawBytes]);
        await using var cache = await data.OpenAsync(remote: null);

        await Assert.ThrowsAnyAsync<ShardFormatException>(async () => await cache.LeaseAsync(0));

        Assert.True(File.Exists(data.RawPath(0)));
    }
}
