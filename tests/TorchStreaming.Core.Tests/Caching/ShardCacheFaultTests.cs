// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

/// <summary>Bad input and bad weather: each ends in the right bytes or in one typed failure, and leaves nothing half-written
/// behind.</summary>
public sealed class ShardCacheFaultTests
{
    private static readonly ShardCacheOptions Validating = new() { ValidateHash = "sha1" };

    [Fact]
    public async Task Lease_WrongByteOnTheWay_IsFoundByTheHashAndFetchedAgain()
    {
        using var data = await CachedDataset.CreateAsync(3, null, "sha1");
        await using var server = await ServeAsync(data);
        server.Script(data.Shards[0].Files[0].Raw.Basename, new HttpFault.FlipByte(700));
        await using var cache = await data.OpenAsync(new HttpObjectStore(server.Address), Validating);

        using var lease = await cache.LeaseAsync(0);

        data.AssertSamples(lease);
        Assert.Equal(1, cache.Statistics.RejectedDownloads);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zstd")]
    public async Task Lease_WrongByteInTheStore_IsIntegrityErrorUntilItIsMended(string? compression)
    {
        using var data = await CachedDataset.CreateAsync(3, compression, "sha1");
        var name = data.Shards[0].Files[0].Stored.Basename;
        await data.CorruptObjectAsync(name, Flip);
        await using var cache = await data.OpenAsync(Validating);

        var error = await Assert.ThrowsAsync<ShardIntegrityException>(async () => await cache.LeaseAsync(0));

        Assert.Equal("sha1", error.Check);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Empty(data.LocalFiles);
        Assert.Equal(2, data.Remote.Opens);
        await data.CorruptObjectAsync(name, Flip);
        using var lease = await cache.LeaseAsync(0);
        data.AssertSamples(lease);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_ObjectOfTheWrongLength_IsIntegrityError(bool isShort)
    {
        using var data = await CachedDataset.CreateAsync();
        await data.CorruptObjectAsync(data.Shards[0].Files[0].Raw.Basename, bytes => isShort ? bytes[..^1] : [.. bytes, 0]);
        await using var server = await ServeAsync(data);
        server.SendsLengths = false;
        foreach (var remote in (IObjectStore[])[data.Remote, new HttpObjectStore(server.Address)])
        {
            await using var cache = await data.OpenAsync(remote);

            Assert.Equal("size", (await Assert.ThrowsAsync<ShardIntegrityException>(async () => await cache.LeaseAsync(0))).Check);
            Assert.Empty(data.LocalFiles);
        }
    }

    [Fact]
    public async Task Lease_ObjectThatIsGone_IsNotFoundAtOnce()
    {
        using var data = await CachedDataset.CreateAsync();
        await data.Objects.DeleteAsync(data.Shards[0].Files[0].Raw.Basename);
        await using var cache = await data.OpenAsync();

        var error = await Assert.ThrowsAsync<StorageException>(async () => await cache.LeaseAsync(0));

        Assert.Equal(StorageErrorKind.NotFound, error.Kind);
        Assert.Equal(1, data.Remote.Opens);
        Assert.Empty(data.LocalFiles);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("bz2")]
    [InlineData("snappy")]
    public async Task Lease_CompressedFileThatIsDamaged_IsShardFormatError(string compression)
    {
        using var data = await CachedDataset.CreateAsync(3, compression);
        var name = data.Shards[0].Files[0].Stored.Basename;
        await data.CorruptObjectAsync(name, static bytes => [.. bytes.Select(static (value, i) => i % 3 == 2 ? (byte)~value : value)]);
        await using var cache = await data.OpenAsync();

        var error = await Assert.ThrowsAnyAsync<ShardFormatException>(async () => await cache.LeaseAsync(0));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Empty(data.LocalFiles);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Lease_CompressedFileOfMoreOrLessThanPromised_IsIntegrityError(int difference)
    {
        using var data = await CachedDataset.CreateAsync(3, "zstd");
        data.Shards = [WithFile(data.Shards[0], file => file with { Raw = file.Raw with { Bytes = file.Raw.Bytes + difference } })];
        await using var cache = await data.OpenAsync();

        var error = await Assert.ThrowsAsync<ShardIntegrityException>(async () => await cache.LeaseAsync(0));

        Assert.Equal("decompressed size", error.Check);
        Assert.Empty(data.LocalFiles);
    }

    [Theory]
    [InlineData("../outside.mds")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside.mds")]
    [InlineData("C:\\outside.mds")]
    [InlineData("")]
    public async Task Open_NameThatLeavesTheDirectory_IsShardFormatError(string name)
    {
        using var data = await CachedDataset.CreateAsync();
        data.Shards = [WithFile(data.Shards[0], file => file with { Raw = file.Raw with { Basename = name } })];

        var error = await Assert.ThrowsAsync<ShardFormatException>(async () => await data.OpenAsync());

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, data.Remote.Opens);
    }

    [Fact]
    public async Task Lease_LinkThatLeavesTheDirectory_IsShardFormatError()
    {
        using var data = await CachedDataset.CreateAsync();
        Directory.CreateDirectory(data.Directory);
        var outside = Path.Combine(data.Root, "outside");
        await File.WriteAllTextAsync(outside, "precious");
        File.CreateSymbolicLink(data.RawPath(0), outside);
        await using var cache = await data.OpenAsync();

        await Assert.ThrowsAsync<ShardFormatException>(async () => await cache.LeaseAsync(0));

        Assert.Equal("precious", await File.ReadAllTextAsync(outside));
    }

    [Theory]
    [InlineData(".torchstreaming", null)]
    [InlineData(".torchstreaming/shard.00000.mds.lock", null)]
    [InlineData(".torchstreaming/shard.00000.mds.lease", null)]
    [InlineData(".torchstreaming/shard.00000.mds.room", 1 << 20)]
    [InlineData(".torchstreaming/limit", 1 << 20)]
    [InlineData(".torchstreaming/probe", null)]
    public async Task Lease_LockThatIsALinkOutOfTheCache_IsRefusedAndNothingIsWrittenThere(string link, int? limit)
    {
        using var data = await CachedDataset.CreateAsync();
        var outside = Path.Combine(data.Root, "outside");
        Directory.CreateDirectory(Path.Combine(data.Directory, ".torchstreaming"));
        if (link == ".torchstreaming")
        {
            Directory.Delete(data.LocalPath(link));
            Directory.CreateDirectory(outside);
        }
        else
        {
            await File.WriteAllTextAsync(outside, "precious");
        }

        File.CreateSymbolicLink(data.LocalPath(link), outside);

        await Assert.ThrowsAsync<CacheException>(async () =>
        {
            await using var cache = await data.OpenAsync(new ShardCacheOptions { CacheLimit = limit });
            using var lease = await cache.LeaseAsync(0);
        });

        Assert.Equal("precious", Directory.Exists(outside) ? "precious" : await File.ReadAllTextAsync(outside));
        Assert.Empty(Directory.Exists(outside) ? Directory.GetFiles(outside, "*", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public async Task Open_UnknownHash_IsArgumentError()
    {
        using var data = await CachedDataset.CreateAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await data.OpenAsync(new ShardCacheOptions { ValidateHash = "crc8" }));
    }

    [Fact]
    public async Task Open_HashThatTheIndexLacks_SaysWhatThereIs()
    {
        using var data = await CachedDataset.CreateAsync(3, null, "md5", "sha256");

        var error = await Assert.ThrowsAsync<ShardFormatException>(async () => await data.OpenAsync(Validating));

        Assert.Contains("md5, sha256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DirectoryThatCannotBeMade_IsCacheError()
    {
        using var data = await CachedDataset.CreateAsync();
        await File.WriteAllTextAsync(data.Directory, "a file is in the way");

        var error = await Assert.ThrowsAsync<CacheException>(async () => await data.OpenAsync());

        Assert.Contains(data.Directory, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lease_DiskWithoutRoom_IsDiskFullBeforeAnythingIsWritten()
    {
        using var data = await CachedDataset.CreateAsync();
        await using var server = await ServeAsync(data);
        server.SendsLengths = false;
        data.Shards = [WithFile(data.Shards[0], static file => file with { Raw = file.Raw with { Bytes = 1L << 42 } })];
        await using var cache = await data.OpenAsync(new HttpObjectStore(server.Address));

        var error = await Assert.ThrowsAsync<StorageException>(async () => await cache.LeaseAsync(0));

        Assert.Equal(StorageErrorKind.DiskFull, error.Kind);
        Assert.Empty(data.LocalFiles);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Lease_RandomFaults_EndInTheRightBytesOrATypedFailure(int seed)
    {
        var random = new Random(seed);
        using var data = await CachedDataset.CreateAsync(10, seed % 2 == 0 ? "zstd" : null, "sha1");
        await using var server = await ServeAsync(data);
        foreach (var shard in data.Shards)
        {
            for (var i = random.Next(5); i > 0; i--)
            {
                server.Script(shard.Files[0].Stored.Basename, NextFault(random));
            }
        }

        // Attempts for all faults and more: whoever waits makes the clock race, and what is under way beside seems to stall.
        await using var cache = await data.OpenAsync(
            new HttpObjectStore(server.Address), Validating with { DownloadRetry = 40, DownloadTimeout = TimeSpan.FromHours(1) });
        await Parallel.ForAsync(0, data.Shards.Count * 3, async (i, cancellationToken) =>
        {
            using var lease = await cache.LeaseAsync(i % data.Shards.Count, cancellationToken);
            data.AssertSamples(lease);
        });

        Assert.Equal(data.Shards.Select(static shard => shard.Files[0].Raw.Basename), data.LocalFiles);
    }

    private static HttpFault NextFault(Random random) => random.Next(6) switch
    {
        0 => new HttpFault.Status(503),
        1 => new HttpFault.Status(429, RetryAfterSeconds: 3),
        2 => new HttpFault.BreakAfter(random.Next(6000)),
        3 => new HttpFault.Reset(),
        4 => new HttpFault.FlipByte(random.Next(500)),
        _ => new HttpFault.Status(504),
    };

    private static byte[] Flip(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static ShardInfo WithFile(ShardInfo shard, Func<ShardFile, ShardFile> change) => new()
    {
        Schema = shard.Schema,
        SampleCount = shard.SampleCount,
        Compression = shard.Compression,
        Hashes = shard.Hashes,
        SizeLimit = shard.SizeLimit,
        Files = [.. shard.Files.Select(change)],
    };

    private static async Task<ScriptedHttpServer> ServeAsync(CachedDataset data)
    {
        var server = await ScriptedHttpServer.StartAsync();
        await foreach (var info in data.Objects.ListAsync())
        {
            await using var content = await data.Objects.OpenReadAsync(info.Key);
            using var bytes = new MemoryStream();
            await content.Stream.CopyToAsync(bytes);
            server.Put(info.Key, bytes.ToArray());
        }

        return server;
    }
}
