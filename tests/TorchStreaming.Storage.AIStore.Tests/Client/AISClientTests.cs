// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>What the client does when the cluster does well.</summary>
public sealed class AISClientTests : AISClusterFixture
{
    [Theory]
    [InlineData("plain")]
    [InlineData("with space")]
    [InlineData("50%25 off")]
    [InlineData("a#b?c+d&e=f")]
    [InlineData("back\\slash\\..\\x")]
    [InlineData("dir a/50%#1?+é\\x.jpg")]
    [InlineData("ünïcödé/数据/😀")]
    public async Task Object_UnusualName_SurvivesWriteListAndRead(string name)
    {
        var item = Bucket.Object(name);
        await item.PutAsync(Encoding.UTF8.GetBytes(name));

        Assert.Equal([name], (await ToListAsync(Bucket.ListAllObjectsAsync())).Select(static found => found.Name));
        Assert.Equal(name, Encoding.UTF8.GetString(await item.ReadAsync()));
        Assert.Equal(Encoding.UTF8.GetByteCount(name), (await item.HeadAsync()).Size);
        await item.DeleteAsync();
        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await item.ReadAsync());
    }

    [Fact]
    public async Task Read_Object_GoesToTheProxyEachTime()
    {
        Server.Contents.Put("imagenet", "a", Cat);

        await Bucket.Object("a").ReadAsync();
        await Bucket.Object("a").ReadAsync();

        Assert.Equal(["p1", "t", "p1", "t"], Server.Requests.Select(static request => request.IsTarget ? "t" : request.Node));
        Assert.All(Server.Requests.Where(static request => request.IsTarget), static request => Assert.Contains("pid=", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_OwnerChanges_FollowsIt()
    {
        Server.Contents.Put("imagenet", "a", Cat);
        await Bucket.Object("a").ReadAsync();
        var owner = Server.Requests.Single(static request => request.IsTarget).Node;
        await Server.StopTargetAsync(owner, forget: true);

        Assert.Equal(Cat, await Bucket.Object("a").ReadAsync());
        Assert.NotEqual(owner, Server.Requests.Last(static request => request.IsTarget).Node);
    }

    [Fact]
    public async Task Head_Object_HasItsFacts()
    {
        Server.Contents.Put("imagenet", "a", Cat);

        var attributes = await Bucket.Object("a").HeadAsync();

        Assert.Equal(5, attributes.Size);
        Assert.Equal(("xxhash2", "f74b3ba5b82d5c6e", "1"), (attributes.ChecksumType, attributes.ChecksumValue, attributes.Version));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), attributes.AccessTime);
        Assert.Equal("test", attributes.CustomMetadata["source"]);
        Assert.True(attributes.IsPresent);
    }

    [Theory]
    [InlineData(1, 2L, "at")]
    [InlineData(3, null, "01")]
    [InlineData(3, 100L, "01")]
    public async Task Read_Range_GivesThoseBytes(long offset, long? length, string expected)
    {
        Server.Contents.Put("imagenet", "a", Cat);

        var bytes = await Bucket.Object("a").ReadAsync(new AISReadOptions { Range = new ByteRange(offset, length) });

        Assert.Equal(expected, Encoding.ASCII.GetString(bytes));
    }

    [Theory]
    [InlineData("train-0001.tar")]
    [InlineData("train-0001.zip")]
    public async Task Read_MemberOfAnArchive_GivesIt(string name)
    {
        (string, byte[])[] files = [("n01/img7.cls", "42"u8.ToArray()), ("n01/img7.jpg", Bytes(4096))];
        Server.Contents.Put("imagenet", name, name.EndsWith("zip", StringComparison.Ordinal) ? AIStoreArchives.Zip(files) : AIStoreArchives.Tar(files));

        Assert.Equal("42"u8.ToArray(), await Bucket.Object(name).ReadAsync(new AISReadOptions { ArchivePath = "n01/img7.cls" }));
        await ThrowsKindAsync(
            StorageErrorKind.NotFound, async () => await Bucket.Object(name).ReadAsync(new AISReadOptions { ArchivePath = "none" }));
    }

    [Theory]
    [InlineData("Prefix", "n01/", 2)]
    [InlineData("Suffix", ".cls", 2)]
    [InlineData("Substring", "img7", 2)]
    [InlineData("WebDatasetKey", "n01/img7", 2)]
    [InlineData("Regexp", "n0[12]/img8", 1)]
    [InlineData("Regexp", "", 3)]
    public async Task Read_MembersThatMatch_ArriveAsATar(string mode, string pattern, int count)
    {
        Server.Contents.Put(
            "imagenet", "s.tar", AIStoreArchives.Tar(("n01/img7.cls", [1]), ("n01/img7.jpg", [2, 3]), ("n02/img8.cls", [])));

        var bytes = await Bucket.Object("s.tar").ReadAsync(new AISReadOptions { ArchiveMatch = new AISArchiveMatch(pattern, Enum.Parse<AISArchiveMode>(mode)) });

        Assert.Equal(count, AIStoreArchives.Members("x.tar", bytes)!.Count);
    }

    [Fact]
    public async Task Read_MembersThatMatchBrokenOff_IsTriedAgain()
    {
        Server.Contents.Put("imagenet", "s.tar", AIStoreArchives.Tar(("a", [1]), ("b", [2])));
        Server.Script(static request => request.IsTarget, new AIStoreFault.EndAfter(2048));

        var bytes = await Bucket.Object("s.tar").ReadAsync(
            new AISReadOptions { ArchiveMatch = AISArchiveMatch.Regexp("") });

        Assert.Equal(2, AIStoreArchives.Members("x.tar", bytes)!.Count);
    }

    [Fact]
    public async Task Read_Transform_AppliesItWithItsArguments()
    {
        Server.Contents.Put("imagenet", "a", Cat);
        Server.Transforms!["append"] = static (bytes, arguments) => [.. bytes, .. Encoding.UTF8.GetBytes(arguments ?? "")];

        var bytes = await Bucket.Object("a").ReadAsync(new AISReadOptions { EtlName = "append", EtlArguments = """{"w":224}""" });

        Assert.Equal("""cat01{"w":224}""", Encoding.UTF8.GetString(bytes));
        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await Bucket.Object("a").ReadAsync(new AISReadOptions { EtlName = "none" }));
    }

    [Fact]
    public async Task Read_TransformPulledFromItsServer_NeedsPermissionAndGetsNoToken()
    {
        Server.RequiredToken = "secret";
        Server.Contents.Put("imagenet", "a", Cat);
        Server.Transforms!["upper"] = static (bytes, _) => [.. bytes.Select(static b => (byte)char.ToUpperInvariant((char)b))];
        Server.PullsTransforms = true;
        var options = Options with { Token = "secret" };
        var read = new AISReadOptions { EtlName = "upper" };

        await ThrowsKindAsync(
            StorageErrorKind.NotSupported, async () => await new AISClient(null, options).Bucket("imagenet").Object("a").ReadAsync(read));
        var allowed = new AISClient(null, options with { AllowTransformRedirects = true });

        Assert.Equal("CAT01"u8.ToArray(), await allowed.Bucket("imagenet").Object("a").ReadAsync(read));
        Assert.All(Server.Requests, static request => Assert.Equal(request.IsProxy ? "Bearer secret" : null, request.Authorization));
    }

    [Fact]
    public async Task Read_OptionsThatContradict_IsArgumentError()
    {
        var item = Bucket.Object("a.tar");
        foreach (var options in (AISReadOptions[])[
            new() { ArchivePath = "x", EtlName = "e" },
            new() { ArchivePath = "x", Range = new ByteRange(1) },
            new() { ArchivePath = "x", ArchiveMatch = AISArchiveMatch.Prefix("y") },
            new() { EtlArguments = "x" },
            new() { Range = new ByteRange(-1) }])
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await item.ReadAsync(options));
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await item.OpenReadAsync(options));
        }
    }

    [Fact]
    public async Task Put_LargeStreamThatCannotSeek_IsSentToTheTargetOnce()
    {
        var bytes = Bytes(50_000_000);

        await Bucket.Object("big").PutAsync(new UnseekableStream(bytes));

        Assert.Equal(bytes, Server.Contents.Find(Bucket.Identity, "big")!.Content);
        Assert.All(Server.Requests, static request => Assert.Equal("100-continue", request.Expect));
    }

    [Fact]
    public async Task Put_TargetFailsOnce_IsTriedAgainIfItCan()
    {
        Server.Script(static request => request is { IsTarget: true, Method: "PUT" }, new AIStoreFault.Status(503), times: 2);

        await Bucket.Object("a").PutAsync(Cat);
        Assert.Equal(Cat, Server.Contents.Find(Bucket.Identity, "a")!.Content);

        Server.Script(static request => request is { IsTarget: true, Method: "PUT" }, new AIStoreFault.Status(503));
        await Bucket.Object("a").PutAsync(new UnseekableStream(Bytes(10)));
        Assert.Equal(Bytes(10), Server.Contents.Find(Bucket.Identity, "a")!.Content);
    }

    [Fact]
    public async Task Buckets_CreateListHeadDestroy_Work()
    {
        var bucket = Client.Bucket("fresh");

        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await bucket.HeadAsync());
        await bucket.CreateAsync();
        await bucket.CreateAsync(existOk: true);
        await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, async () => await bucket.CreateAsync());

        Assert.Equal("xxhash2", (await bucket.HeadAsync()).GetProperty("checksum").GetProperty("type").GetString());
        Assert.Equal(["fresh", "imagenet"], (await Client.ListBucketsAsync()).Select(static found => found.Name).Order());
        await bucket.DeleteAsync();
        await bucket.DeleteAsync(missingOk: true);
        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await bucket.DeleteAsync());
    }

    [Fact]
    public async Task Cluster_MapAndHealth_AreRead()
    {
        var map = await Client.GetClusterMapAsync();

        Assert.Equal(["t1", "t2"], map.Targets.Select(static node => node.Id));
        Assert.Equal(14214570646889990061, map.Targets[0].Digest);
        Assert.True(await Client.IsReadyAsync());
        Server.IsStarting = true;
        Assert.False(await Client.IsReadyAsync());
    }

    [Fact]
    public async Task Etl_State_IsFoundOut()
    {
        Server.Transforms!["resize"] = static (bytes, _) => bytes;
        Assert.Equal(AISEtlState.Running, await Client.GetEtlStateAsync("resize"));
        Assert.Equal(AISEtlState.Absent, await Client.GetEtlStateAsync("other"));
        Server.Transforms = null;
        Assert.Equal(AISEtlState.NotSupported, await Client.GetEtlStateAsync("resize"));
        Server.RequiredToken = "secret";
        Assert.Equal(AISEtlState.Unknown, await Client.GetEtlStateAsync("resize"));
    }

    [Fact]
    public void Bucket_TwoHandles_AreEqual()
    {
        var prefixes = new Dictionary<AISSource, string> { [Bucket] = "a/" };

        Assert.Equal("a/", prefixes[Client.Bucket("imagenet")]);
        Assert.NotEqual(Bucket, Client.Bucket("imagenet", "s3"));
        Assert.Equal("s3://imagenet/x", Client.Bucket("imagenet", "aws").Object("x").ToString());
    }

    [Fact]
    public async Task ObjectGroup_Listing_AsksForEachSize()
    {
        Server.Contents.Put("imagenet", "s-1", new byte[3]);
        Server.Contents.Put("imagenet", "s-2", new byte[4]);

        var objects = await ToListAsync(Bucket.Objects("s-{1..2}").ListAllObjectsAsync("s-"));

        Assert.Equal([("s-1", 3L), ("s-2", 4L)], objects.Select(static item => (item.Name, item.Size)));
        Assert.DoesNotContain(Server.Requests, static request => request.IsList);
    }

    [Fact]
    public async Task Urls_OfABucket_AreAtTheProxy()
    {
        Server.Contents.Put("imagenet", "a b", Cat);

        var urls = await ToListAsync(Bucket.ListUrlsAsync(etlName: "resize"));

        Assert.Equal($"{Server.Endpoint}v1/objects/imagenet/a%20b?provider=ais&etl_name=resize", urls.Single().AbsoluteUri);
    }
}
