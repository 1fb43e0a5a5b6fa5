// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

/// <summary>Shards whose compressed size the index does not know: what is in flight is found out by gzip's own checksum and the size of
/// the decompressed file.</summary>
public sealed class LegacyShardCacheTests : IAsyncLifetime
{
    private const int Samples = 60;
    private const string Shard = "000001.mds.gz";

    private readonly TemporaryDirectory _directory = new();
    private ScriptedHttpServer _server = null!;
    private DatasetIndex _index = null!;
    private HttpObjectStore _remote = null!;

    private string Source => _directory.Combine("source");

    private string Local => _directory.Combine("local");

    private string[] LocalShards => Directory.Exists(Local)
        ? [.. Directory.GetFiles(Local).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        : [];

    private static ShardCacheOptions Options => new() { TimeProvider = new PassingTimeProvider { PassAtOnce = TimeSpan.FromSeconds(45) } };

    public async Task InitializeAsync()
    {
        LegacyDataset.Write(Source, Samples, shardSizeLimit: 300, compression: "gz");
        _server = await ScriptedHttpServer.StartAsync();
        LegacyDataset.Serve(_server, Source);
        _index = await IndexFile.ReadAsync(_directory.Combine("elsewhere"), new LocalObjectStore(Source));
        _remote = new HttpObjectStore(_server.Address);
    }

    public async Task DisposeAsync()
    {
        await _remote.DisposeAsync();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_EveryShard_IsThatOfTheWriterAndOnlyRawFilesStay(bool sendsLengths)
    {
        _server.SendsLengths = sendsLengths;
        await using var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options);
        await AssertSamplesAsync(cache);

        Assert.Equal(_index.Shards.Length, cache.Statistics.DownloadedFiles);
        Assert.Equal(
            _index.Shards.Sum(shard => new FileInfo(Path.Combine(Source, shard.Files[0].Stored.Basename)).Length),
            cache.Statistics.DownloadedBytes);
        Assert.Equal(_index.RawBytes, cache.Statistics.ResidentBytes);
        Assert.All(LocalShards, static name => Assert.EndsWith(".mds", name, StringComparison.Ordinal));

        await using var reopened = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options);
        await AssertSamplesAsync(reopened);
        Assert.Equal(0, reopened.Statistics.DownloadedFiles);
    }

    [Fact]
    public async Task Lease_WithKeptZips_NeedsNothingNewWhenRawFilesAreGone()
    {
        var options = Options with { KeepZip = true };
        await using (var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, options))
        {
            await AssertSamplesAsync(cache);
        }

        Assert.Equal(2 * _index.Shards.Length, LocalShards.Length);
        Array.ForEach(Directory.GetFiles(Local, "*.mds"), File.Delete);
        await using var reopened = await ShardCache.OpenAsync(Local, _index.Shards, _remote, options);
        await AssertSamplesAsync(reopened);
        Assert.Equal(0, reopened.Statistics.DownloadedFiles);
    }

    public static TheoryData<string> Damages => ["flipped", "truncated", "no trailer", "half a trailer", "no header", "empty", "longer"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Lease_ZipDamagedOnTheWay_IsFetchedAgain(string damage)
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(Source, Shard));
        var served = 0;
        _server.Put(Shard, Damage(whole, damage));
        _server.BeforeAnswer = request =>
        {
            if (request.Path == "/" + Shard && request.Method == "GET" && served++ == 1)
            {
                _server.Put(Shard, whole);
            }

            return Task.CompletedTask;
        };
        await using var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options);

        await AssertSamplesAsync(cache);

        Assert.Equal(1, cache.Statistics.RejectedDownloads);
        Assert.Equal(2, served);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Lease_DamagedZip_IsATypedErrorAfterAllTriesUntilItIsMended(string damage)
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(Source, Shard));
        _server.Put(Shard, Damage(whole, damage));
        await using var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options);

        var error = await Assert.ThrowsAnyAsync<ShardFormatException>(async () => await cache.LeaseAsync(1));

        Assert.Contains("000001.mds", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, cache.Statistics.RejectedDownloads);
        Assert.Empty(LocalShards);
        _server.Put(Shard, whole);
        await AssertSamplesAsync(cache);
    }

    [Fact]
    public async Task Lease_EndlessZip_StopsAtTheMostThatGzipCanMake()
    {
        // It begins as a whole file, so that nothing but its length is wrong with it.
        var whole = await File.ReadAllBytesAsync(Path.Combine(Source, Shard));
        _server.SendsLengths = false;
        _server.Put(Shard, [.. whole, .. new byte[1 << 20]]);
        await using var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options);

        var error = await Assert.ThrowsAsync<ShardIntegrityException>(async () => await cache.LeaseAsync(1));

        Assert.Equal("size", error.Check);
        Assert.StartsWith("at most ", error.Expected, StringComparison.Ordinal);
        Assert.Empty(LocalShards);
    }

    [Fact]
    public async Task Lease_DamagedZipLeftByAnotherRun_IsFetchedAgain()
    {
        Directory.CreateDirectory(Local);
        await File.WriteAllBytesAsync(Path.Combine(Local, Shard), [1, 2, 3]);
        await using var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options with { KeepZip = true });

        await AssertSamplesAsync(cache);
    }

    [Fact]
    public async Task Lease_ComposersLeftOverTemporaryFile_DoesNotMatter()
    {
        Directory.CreateDirectory(Local);
        await File.WriteAllBytesAsync(Path.Combine(Local, "000001.mds.tmp"), [1, 2, 3]);
        await using var cache = await ShardCache.OpenAsync(Local, _index.Shards, _remote, Options);

        await AssertSamplesAsync(cache);
    }

    [Fact]
    public async Task Lease_InPlace_DecompressesBesideAndDeletesNothing()
    {
        var before = Directory.GetFiles(Source);
        await using var store = new LocalObjectStore(Source + Path.DirectorySeparatorChar);
        await using var cache = await ShardCache.OpenAsync(Source, _index.Shards, store, Options);

        await AssertSamplesAsync(cache);

        Assert.All(before, static file => Assert.True(File.Exists(file), file));
    }

    [Fact]
    public async Task Lease_WithALimit_CountsTheMostThatAShardCanTakeAndHoldsIt()
    {
        var largest = _index.Shards.Max(static shard => shard.RawBytes + shard.Files[0].Zip!.MostBytes);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await ShardCache.OpenAsync(
            Local, _index.Shards, _remote, Options with { CacheLimit = new ByteSize((4 * largest) - 1) }));

        var limit = 4 * largest;
        await using var cache = await ShardCache.OpenAsync(
            Local, _index.Shards, _remote, Options with { CacheLimit = new ByteSize(limit) });
        await AssertSamplesAsync(cache, () => Assert.InRange(LocalShards.Sum(name => new FileInfo(Path.Combine(Local, name)).Length), 1, limit));
    }

    private async Task AssertSamplesAsync(ShardCache cache, Action? check = null)
    {
        var sample = 0;
        for (var shard = 0; shard < _index.Shards.Length; shard++)
        {
            using var lease = await cache.LeaseAsync(shard);
            check?.Invoke();
            for (var i = 0; i < lease.Reader.SampleCount; i++, sample++)
            {
                Assert.Equal(LegacyDataset.Uid(sample), lease.Reader.ReadValue(i, 0));
                Assert.Equal(LegacyDataset.Data(sample), lease.Reader.ReadValue(i, 1));
            }
        }

        Assert.Equal(Samples, sample);
    }

    private static byte[] Damage(byte[] whole, string damage)
    {
        switch (damage)
        {
            case "flipped":
                // In the deflated bytes, close to the end, where a wrong bit is a wrong literal and nothing else.
                var flipped = whole.ToArray();
                flipped[^12] ^= 1;
                return flipped;
            case "truncated":
                return whole[..(whole.Length / 2)];
            case "no trailer":
                return whole[..^8];
            case "half a trailer":
                return whole[..^3];
            case "no header":
                return whole[10..];
            case "empty":
                return [];
            default:
                return [.. whole, .. whole];
        }
    }
}
