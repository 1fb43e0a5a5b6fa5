// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Storage;

namespace TorchStreaming.Tests.Loading;

public sealed class AISZipStreamTests : AISClusterFixture
{
    [Fact]
    public async Task ReadEpoch_SeveralSources_StopsAtTheShortest()
    {
        Put("images", "a.tar", ("2.jpg", "j2"), ("1.jpg", "j1"));
        Put("images", "b.tar", ("3.jpg", "j3"));
        Put("labels", "l.tar", ("1.cls", "c1"), ("2.cls", "c2"));

        Assert.Equal(["j1 c1", "j2 c2"], await ReadAsync(new AISZipStream([Source("images"), Source("labels")])));
        Assert.Equal(["j1", "j2", "j3"], await ReadAsync(new AISZipStream([Source("images")])));
        Assert.Empty(await ReadAsync(new AISZipStream([])));
    }

    [Fact]
    public async Task ReadEpoch_ShardsWithTheSameStart_AreNotMixed()
    {
        Put("images", "a.tar", ("x", "1"));
        Server.Contents.Put("images", "a.tar.idx", [1]);
        Put("images", "a.tar2.tar", ("y", "2"));

        Assert.Equal(["1", "2"], await ReadAsync(new AISZipStream([Source("images")])));
    }

    [Fact]
    public async Task ReadEpoch_Prefix_LimitsTheShards()
    {
        Put("images", "train/a.tar", ("x", "1"));
        Put("images", "val/a.tar", ("x", "2"));

        Assert.Equal(["2"], await ReadAsync(new AISZipStream([new DataShard(Client.Bucket("images"), "val/")])));
    }

    [Fact]
    public async Task ReadEpoch_Workers_AreDisjointAndComplete()
    {
        Put("images", "a.tar", ("1", "1"), ("2", "2"), ("3", "3"));

        var parts = new List<string>();
        for (var id = 0; id < 2; id++)
        {
            parts.AddRange(await ReadAsync(new AISZipStream([Source("images")], new AISWorker(id, 2))));
        }

        Assert.Equal(["1", "3", "2"], parts);
    }

    [Fact]
    public async Task ReadEpoch_OtherArchives_AreRead()
    {
        Server.Contents.Put("images", "a.zip", AIStoreArchives.Zip(("x", "1"u8.ToArray())));

        Assert.Equal(["1"], await ReadAsync(new AISZipStream([Source("images")])));
    }

    [Fact]
    public void DataShard_Transform_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new DataShard("http://localhost:1", "b", etlName: "x"));
        Assert.Equal("s3://b", new DataShard("http://localhost:1", "b", "aws", "p").Bucket.ToString());
    }

    private DataShard Source(string bucket) => new(Client.Bucket(bucket));

    private void Put(string bucket, string name, params (string Name, string Text)[] files) => Server.Contents.Put(
        bucket, name, AIStoreArchives.Tar(files.Select(static file => (file.Name, Encoding.UTF8.GetBytes(file.Text)))));

    private static async Task<List<string>> ReadAsync(AISZipStream stream) => [.. (await ToListAsync(stream.ReadEpochAsync())).Select(
        static step => string.Join(' ', step.Select(static bytes => Encoding.UTF8.GetString(bytes.Span))))];
}
