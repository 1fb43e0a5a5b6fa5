// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;
using TorchStreaming.Caching;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

public sealed class ExtraFileCacheTests : IAsyncLifetime
{
    private const int Size = 3_000_000;

    private readonly TemporaryDirectory _folder = new();
    private ScriptedHttpServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedHttpServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_FileTwice_IsDownloadedOnce()
    {
        _server.Put("a/b.mp4", MakeBytes(1));
        await using var cache = Open();

        using (var first = await cache.GetAsync("a/b.mp4"))
        using (var second = await cache.GetAsync("a/b.mp4"))
        {
            Assert.Equal(MakeBytes(1), first.ReadAllBytes());
            Assert.Equal(first.Path, second.Path);
            Assert.Equal(_folder.Combine("local", "a", "b.mp4"), second.Path);
        }

        Assert.Equal(new ExtraFileStatistics(1, 1, Size, 0, 0), cache.Statistics);
    }

    [Fact]
    public async Task Get_ManyAtOnceFromTwoCaches_DownloadOnce()
    {
        _server.Put("v.mp4", MakeBytes(2));
        await using var one = Open();
        await using var other = Open();

        var files = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Task.Run(async () => await (i % 2 == 0 ? one : other).GetAsync("v.mp4"))));

        Assert.All(files, static file => Assert.Equal(MakeBytes(2), file.ReadAllBytes()));
        Assert.Equal(1, one.Statistics.DownloadedFiles + other.Statistics.DownloadedFiles);
        Array.ForEach(files, static file => file.Dispose());
    }

    [Fact]
    public async Task Get_AfterABrokenDownload_GoesOnBehindItsLastByte()
    {
        _server.Put("v.mp4", MakeBytes(3));
        _server.Script("v.mp4", new HttpFault.BreakAfter(Size / 2));
        await using (var broken = Open(attempts: 1))
        {
            await Assert.ThrowsAsync<StorageException>(async () => await broken.GetAsync("v.mp4"));
            Assert.False(File.Exists(_folder.Combine("local", "v.mp4")));
        }

        await using var cache = Open(attempts: 1);
        using var file = await cache.GetAsync("v.mp4");

        Assert.Equal(MakeBytes(3), file.ReadAllBytes());
        Assert.InRange(cache.Statistics.ResumedBytes, 1, Size / 2);
        Assert.Equal(Size, cache.Statistics.ResumedBytes + cache.Statistics.DownloadedBytes);
    }

    [Fact]
    public async Task Get_FileChangedSinceTheBrokenDownload_IsReadFromTheStart()
    {
        _server.Put("v.mp4", MakeBytes(4));
        _server.Script("v.mp4", new HttpFault.BreakAfter(Size / 2));
        await using (var broken = Open(attempts: 1))
        {
            await Assert.ThrowsAsync<StorageException>(async () => await broken.GetAsync("v.mp4"));
        }

        _server.Put("v.mp4", MakeBytes(5));
        await using var cache = Open(attempts: 1);
        using var file = await cache.GetAsync("v.mp4");

        Assert.Equal(MakeBytes(5), file.ReadAllBytes());
        Assert.Equal(0, cache.Statistics.ResumedBytes);
    }

    [Fact]
    public async Task Get_BeyondTheLimit_DeletesWhatWasNotUsedForLongest()
    {
        var time = new FakeTimeProvider();
        foreach (var name in (string[])["a", "b", "c"])
        {
            _server.Put(name, MakeBytes(6));
        }

        await using var cache = Open(limit: new ByteSize((2 * Size) + 10), time: time);
        foreach (var name in (string[])["a", "b", "a", "c"])
        {
            time.Advance(TimeSpan.FromSeconds(10));
            (await cache.GetAsync(name)).Dispose();
        }

        Assert.Equal(["a", "c"], LocalFiles());
        Assert.Equal(1, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task Get_BeyondTheLimit_KeepsWhatIsUsedAndForeignFiles()
    {
        _server.Put("a", MakeBytes(7));
        _server.Put("b", MakeBytes(8));
        Directory.CreateDirectory(_folder.Combine("local"));
        await File.WriteAllTextAsync(_folder.Combine("local", "notes.txt"), "mine");
        await using var cache = Open(limit: new ByteSize(Size));

        using (var used = await cache.GetAsync("a"))
        {
            (await cache.GetAsync("b")).Dispose();
            Assert.Equal(MakeBytes(7), used.ReadAllBytes());
            Assert.Equal(["a", "b", "notes.txt"], LocalFiles());
        }
    }

    [Theory]
    [InlineData("../outside.mp4")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("")]
    public async Task Get_PathOutOfTheFolder_IsRefused(string path)
    {
        await using var cache = Open();

        await Assert.ThrowsAnyAsync<TorchStreamingException>(async () => await cache.GetAsync(path));

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Get_MissingFile_LeavesNothing()
    {
        await using var cache = Open();

        var error = await Assert.ThrowsAsync<StorageException>(async () => await cache.GetAsync("none.mp4"));

        Assert.Equal(StorageErrorKind.NotFound, error.Kind);
        Assert.Empty(LocalFiles());
    }

    [Fact]
    public async Task Get_WithoutRemote_UsesFilesWhereTheyAre()
    {
        Directory.CreateDirectory(_folder.Combine("local"));
        await File.WriteAllBytesAsync(_folder.Combine("local", "v.mp4"), MakeBytes(9));
        await using var cache = new ExtraFileCache(_folder.Combine("local"));

        using var file = await cache.GetAsync("v.mp4");

        Assert.Equal(MakeBytes(9), file.ReadAllBytes());
        await Assert.ThrowsAsync<StorageException>(async () => await cache.GetAsync("other.mp4"));
    }

    private static byte[] MakeBytes(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private ExtraFileCache Open(int attempts = 2, ByteSize? limit = null, TimeProvider? time = null) => new(
        _folder.Combine("local"),
        ObjectStoreResolver.Default.Open(_server.Address.ToString()),
        new ExtraFileCacheOptions { DownloadRetry = attempts, Limit = limit, TimeProvider = time ?? TimeProvider.System });

    private IEnumerable<string> LocalFiles()
    {
        var root = _folder.Combine("local");
        return Directory.Exists(root)
            ? Directory.EnumerateFiles(root).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
            : [];
    }
}
