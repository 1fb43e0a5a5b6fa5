// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

public sealed class IndexCacheTests : IDisposable
{
    private static readonly DateTime Time = new(2024, 5, 6, 7, 8, 9, 123, DateTimeKind.Utc);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ReadAsync_LargeIndexAgain_ComesFromTheCopy()
    {
        WriteRemote(2000);
        var first = await ReadAsync();
        Assert.True(File.Exists(Copy));

        // A JSON of the same length and time is not even read.
        Overwrite("not an index");
        var second = await ReadAsync();

        Assert.Equal(first.SampleCount, second.SampleCount);
        Assert.Equal(first.Shards.Select(static shard => shard.Files[0].Raw.Basename), second.Shards.Select(static shard => shard.Files[0].Raw.Basename));
    }

    [Fact]
    public async Task ReadAsync_SmallIndex_HasNoCopy()
    {
        WriteRemote(ShardList.PackingThreshold - 1);
        await ReadAsync();
        await ReadAsync();

        Assert.False(File.Exists(Copy));
    }

    [Fact]
    public async Task ReadAsync_OnlyCopyOfADataset_IsNotWrittenTo()
    {
        WriteRemote(2000);

        await IndexFile.ReadAsync(Remote, remote: null);

        Assert.Equal([Path.Combine(Remote, "index.json")], Directory.GetFileSystemEntries(Remote));
    }

    [Fact]
    public async Task ReadAsync_OtherJson_ReplacesTheCopy()
    {
        WriteRemote(2000);
        await ReadAsync();
        File.WriteAllBytes(Json, MakeIndex(1500));

        Assert.Equal(1500, (await ReadAsync()).Shards.Length);
        File.SetLastWriteTimeUtc(Json, Time);
        await ReadAsync();
        File.WriteAllBytes(Json, MakeIndex(1500, samples: 7));
        Assert.Equal(7 * 1500, (await ReadAsync()).SampleCount);
        Assert.Equal(7 * 1500, (await ReadAsync()).SampleCount);
    }

    [Fact]
    public async Task ReadAsync_OtherTimeSameContent_IsBelieved()
    {
        WriteRemote(2000);
        await ReadAsync();
        var before = File.ReadAllBytes(Copy);
        File.SetLastWriteTimeUtc(Json, Time.AddDays(1));

        Assert.Equal(2000, (await ReadAsync()).Shards.Length);
        Assert.Equal(before, File.ReadAllBytes(Copy));
    }

    [Fact]
    public async Task ReadAsync_TimeOfAWholeSecond_IsNotBelieved()
    {
        WriteRemote(2000);
        await ReadAsync();
        var whole = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        File.Delete(Copy);
        File.SetLastWriteTimeUtc(Json, whole);
        await ReadAsync();
        Assert.True(File.Exists(Copy));

        var other = MakeIndex(2000, samples: 3);
        Assert.Equal(new FileInfo(Json).Length, other.Length);
        File.WriteAllBytes(Json, other);
        File.SetLastWriteTimeUtc(Json, whole);

        Assert.Equal(6000, (await ReadAsync()).SampleCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(30_000)]
    public async Task ReadAsync_DamagedCopy_IsWrittenAnew(int length)
    {
        WriteRemote(2000);
        await ReadAsync();
        var whole = File.ReadAllBytes(Copy);
        File.WriteAllBytes(Copy, whole[..length]);

        Assert.Equal(2000, (await ReadAsync()).Shards.Length);
        Assert.Equal(whole, File.ReadAllBytes(Copy));
    }

    [Fact]
    public async Task ReadAsync_CopyThatCannotBeWritten_GoesWithout()
    {
        WriteRemote(2000);
        Directory.CreateDirectory(Copy);

        Assert.Equal(2000, (await ReadAsync()).Shards.Length);
        Assert.Equal(2000, (await ReadAsync()).Shards.Length);
        Assert.Empty(Directory.GetFiles(Local, "*.ts-tmp"));
    }

    private string Remote => _directory.Combine("remote");

    private string Local => _directory.Combine("local");

    private string Json => Path.Combine(Local, "index.json");

    private string Copy => Path.Combine(Local, "index.json.cache");

    private void WriteRemote(int shards)
    {
        Directory.CreateDirectory(Remote);
        File.WriteAllBytes(Path.Combine(Remote, "index.json"), MakeIndex(shards));
    }

    private async Task<DatasetIndex> ReadAsync()
    {
        await using var store = new LocalObjectStore(Remote);
        return await IndexFile.ReadAsync(Local, store);
    }

    /// <summary>Replaces the start of the JSON, keeping its length and its time.</summary>
    private void Overwrite(string text)
    {
        var time = File.GetLastWriteTimeUtc(Json);
        using (var file = File.OpenWrite(Json))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
        }

        File.SetLastWriteTimeUtc(Json, time);
    }

    private static byte[] MakeIndex(int shards, int samples = 9)
    {
        var entries = Enumerable.Range(0, shards).Select(number =>
            $$"""
            {"column_encodings": ["int"], "column_names": ["id"], "column_sizes": [8], "compression": null, "format": "mds", "hashes": ["xxh64"],
            "raw_data": {"basename": "shard.{{number:D5}}.mds", "bytes": 500, "hashes": {"xxh64": "{{number:x16}}"} },
            "samples": {{samples}}, "size_limit": null, "version": 2, "zip_data": null}
            """);
        return Encoding.UTF8.GetBytes($$"""{"shards": [{{string.Join(',', entries)}}], "version": 2}""");
    }
}
