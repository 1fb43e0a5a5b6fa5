// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Storage;

namespace TorchStreaming.Tests.Loading;

public sealed class AISBatchStreamTests : AISClusterFixture
{
    private readonly List<(string Name, byte[] Content)> _objects =
        [.. Enumerable.Range(0, 10).Select(static i => (i.ToString("d2", CultureInfo.InvariantCulture), Bytes(1000 * i)))];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (name, content) in _objects)
        {
            Server.Contents.Put("imagenet", name, content);
        }
    }

    [Theory]
    [InlineData(32, 1)]
    [InlineData(4, 3)]
    [InlineData(1, 10)]
    public async Task ReadEpoch_Batches_GiveEveryObjectInOrder(int batch, int calls)
    {
        await AssertExactAsync(new AISBatchStream([Bucket], maxBatchSize: batch));

        Assert.Equal(calls, Server.Requests.Count(static request => request is { IsProxy: true, IsBatch: true }));
        Assert.DoesNotContain(Server.Requests, static request => request.IsObject);
    }

    public static TheoryData<AIStoreFault> Faults => new()
    {
        new AIStoreFault.ShortBatch(0),
        new AIStoreFault.ShortBatch(3),
        new AIStoreFault.ShortBatch(9),
        new AIStoreFault.BreakAfter(9000),
        new AIStoreFault.EndAfter(9000),
        new AIStoreFault.Reset(),
        new AIStoreFault.Status(429, 5),
        new AIStoreFault.Status(404),
        new AIStoreFault.Status(409),
        new AIStoreFault.Status(501),
        new AIStoreFault.Body("no tar"u8.ToArray(), "application/x-tar"),
        new AIStoreFault.Body([], "application/x-tar"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ReadEpoch_BatchFails_GivesTheExactSamples(AIStoreFault fault)
    {
        foreach (var times in (int[])[1, 100])
        {
            Server.Script(static request => request is { IsTarget: true, IsBatch: true }, fault, times);
            await AssertExactAsync(new AISBatchStream([Bucket], maxBatchSize: 100));
        }
    }

    [Fact]
    public async Task ReadEpoch_BatchCutOnce_AsksForTheRestTogether()
    {
        Server.Script(static request => request is { IsTarget: true, IsBatch: true }, new AIStoreFault.ShortBatch(6));

        await AssertExactAsync(new AISBatchStream([Bucket]));

        Assert.Equal(2, Server.Requests.Count(static request => request is { IsTarget: true, IsBatch: true }));
        Assert.DoesNotContain(Server.Requests, static request => request.IsObject);
    }

    [Fact]
    public async Task ReadEpoch_ProxySendsBatchesBackToItself_GivesTheExactSamples()
    {
        var loop = new AIStoreFault.Redirect($"{Server.Endpoint}v1/ml/moss/imagenet?provider=ais", 307);
        Server.Script(static request => request is { IsProxy: true, IsBatch: true }, loop, times: 100);

        await AssertExactAsync(new AISBatchStream([Bucket]));
    }

    [Fact]
    public async Task ReadEpoch_TargetsRestart_GivesTheExactSamples()
    {
        await Server.StopTargetAsync("t1", forget: false);
        await Server.StopTargetAsync("t2", forget: false);
        var start = new Lazy<Task>(() => Task.WhenAll(Server.StartTargetAsync("t1"), Server.StartTargetAsync("t2")));
        Server.Script(
            static request => request.IsProxy && (request.IsBatch || request.IsObject),
            new AIStoreFault.Before(() => start.Value),
            times: int.MaxValue,
            skip: 1);

        await AssertExactAsync(new AISBatchStream([Bucket]));
    }

    [Fact]
    public async Task ReadEpoch_ListingChangesBetweenPages_GivesEachObjectOnce()
    {
        var page = """{"uuid":"u","entries":[{"name":"00"},{"name":"01"},{"name":"01"},{"name":"02"}],"continuation_token":"01"}""";
        Server.Script(static request => request.IsList, new AIStoreFault.Body(System.Text.Encoding.ASCII.GetBytes(page), "application/json"));

        await AssertExactAsync(new AISBatchStream([Bucket]));
    }

    [Fact]
    public async Task ReadEpoch_EntriesInAnotherOrder_AreNotMistaken()
    {
        var tar = AIStoreArchives.Tar(("imagenet/01", _objects[1].Content), ("imagenet/00", _objects[0].Content));
        Server.Script(static request => request is { IsTarget: true, IsBatch: true }, new AIStoreFault.Body(tar, "application/x-tar"), times: 2);

        await AssertExactAsync(new AISBatchStream([Bucket]));
    }

    [Theory]
    [InlineData(AISMissingObjects.Skip, 2)]
    [InlineData(AISMissingObjects.Skip, 9)]
    [InlineData(AISMissingObjects.Empty, 2)]
    [InlineData(AISMissingObjects.Empty, 9)]
    public async Task ReadEpoch_ObjectsGone_AreWhatTheOptionSays(AISMissingObjects missing, int gone)
    {
        // Beyond eight misses the cluster ends the answer early, with a good status.
        var items = await ReadWithGoneAsync(missing, gone);

        var expected = _objects.Select((item, i) => (item.Name, Content: i < gone ? [] : item.Content)).Skip(missing == AISMissingObjects.Skip ? gone : 0);
        Assert.Equal(expected.Select(static item => item.Name), items.Select(static item => item.Name));
        Assert.All(expected.Zip(items), static pair => Assert.Equal(pair.First.Content, pair.Second.Content.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public Task ReadEpoch_ObjectsGone_AreAnErrorByDefault(int gone) =>
        ThrowsKindAsync(StorageErrorKind.NotFound, () => ReadWithGoneAsync(AISMissingObjects.Throw, gone));

    [Fact]
    public async Task Read_MembersRangesAndOtherBuckets_AreGivenInOrder()
    {
        Server.Contents.Put("shards", "s.tar", AIStoreArchives.Tar(("a.cls", [1]), ("a.jpg", [2, 3])));
        var spaced = Client.Bucket("data", "ais", new AISNamespace("uuid", "ns"));
        Server.Contents.Put(spaced.Identity, "x", [9]);
        var shard = Client.Bucket("shards").Object("s.tar");

        var contents = await AISBatchReader.ReadAsync(
        [
            new AISBatchItem(Bucket.Object("03"), Range: new ByteRange(10, 5)),
            new AISBatchItem(shard, "a.jpg"),
            new AISBatchItem(shard, "a.cls"),
            new AISBatchItem(spaced.Object("x")),
        ]);

        Assert.Equal([_objects[3].Content[10..15], [2, 3], [1], [9]], contents.Select(static content => content!.Value.ToArray()));
        Assert.DoesNotContain(Server.Requests, static request => request.IsObject);
    }

    [Fact]
    public void Create_Transform_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new AISBatchStream([Bucket], new AISStreamOptions { EtlName = "x" }));

    private async Task AssertExactAsync(AISBatchStream stream)
    {
        var items = await ToListAsync(stream.ReadEpochAsync());
        Assert.Equal(_objects.Select(static item => item.Name), items.Select(static item => item.Name));
        Assert.All(_objects.Zip(items), static pair => Assert.Equal(pair.First.Content, pair.Second.Content.ToArray()));
    }

    private async Task<List<AISItem>> ReadWithGoneAsync(AISMissingObjects missing, int gone)
    {
        // They go between the listing and the read.
        Server.Script(static request => request.IsBatch, new AIStoreFault.Before(() =>
        {
            foreach (var (name, _) in _objects.Take(gone))
            {
                Server.Contents.Remove(Bucket.Identity, name);
            }

            return Task.CompletedTask;
        }));
        return await ToListAsync(new AISBatchStream([Bucket], new AISStreamOptions { MissingObjects = missing }).ReadEpochAsync());
    }
}
