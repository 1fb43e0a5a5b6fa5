// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class AISListingTests : AISClusterFixture
{
    [Theory]
    [InlineData(25_001, 3, false)]
    [InlineData(20_000, 3, true)]
    [InlineData(0, 1, false)]
    [InlineData(0, 1, true)]
    public async Task List_SeveralPages_GivesAllNames(int count, int pages, bool json)
    {
        var names = Enumerable.Range(0, count).Select(static i => i.ToString("d6", CultureInfo.InvariantCulture)).ToList();
        foreach (var name in names)
        {
            Server.Contents.Put("imagenet", name, [1]);
        }

        var found = await ToListAsync(Bucket.ListAsync(new AISListOptions { PreferJson = json }));

        Assert.Equal(names, found.Select(static entry => entry.Name));
        Assert.Equal(pages, Server.Requests.Count(static request => request.IsList));
    }

    [Fact]
    public async Task List_EmptyPageWithAToken_GoesOn()
    {
        Put("a", "b", "c");
        Server.Script(
            static request => request.IsList,
            new AIStoreFault.Body("""{"uuid":"u","entries":null,"continuation_token":"a","flags":0}"""u8.ToArray(), "application/json"));

        Assert.Equal(["b", "c"], await NamesAsync());
    }

    [Fact]
    public async Task List_SameTokenAgain_IsAnErrorAndNoHang()
    {
        Server.Script(
            static request => request.IsList,
            new AIStoreFault.Body("""{"uuid":"u","entries":null,"continuation_token":"a","flags":0}"""u8.ToArray(), "application/json"),
            times: 100);

        var error = await ThrowsKindAsync(StorageErrorKind.Other, NamesAsync);

        Assert.Contains("without end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_PagesThatChangeMeanwhile_GiveEachNameOnce()
    {
        // The second page repeats names of the first and flags a misplaced copy, as during a rebalance.
        Put("a", "b", "c", "d");
        Server.Script(
            static request => request.IsList,
            new AIStoreFault.Body(
                """{"uuid":"u","entries":[{"name":"a"},{"name":"b"},{"name":"b","flags":1}],"continuation_token":"a","flags":0}"""u8.ToArray(),
                "application/json"));

        Assert.Equal(["a", "b", "c", "d"], await NamesAsync());
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"entries\":[{\"size\":\"5\"}]}")]
    [InlineData("{\"entries\":[{\"name\":\"a\",\"size\":\"-5\"}]}")]
    [InlineData("{\"entries\":7}")]
    [InlineData("[]")]
    public async Task List_MalformedPage_IsOneTypedError(string page)
    {
        Server.Script(static request => request.IsList, new AIStoreFault.Body(System.Text.Encoding.UTF8.GetBytes(page), "application/json"));

        await ThrowsKindAsync(StorageErrorKind.Other, NamesAsync);
    }

    [Fact]
    public async Task List_PageFails_IsAskedAgain()
    {
        Server.MaxPageSize = 2;
        Put("a", "b", "c", "d", "e");
        Server.Script(static request => request.IsList, new AIStoreFault.Status(503), skip: 1);
        Server.Script(static request => request.IsList, new AIStoreFault.Reset(), skip: 1);

        Assert.Equal(["a", "b", "c", "d", "e"], await NamesAsync());
    }

    [Fact]
    public async Task List_PrefixWithAStar_IsTakenLiterally()
    {
        Put("a*", "ab");

        Assert.Equal(["a*"], (await ToListAsync(Bucket.ListAllObjectsAsync("a*"))).Select(static item => item.Name));
    }

    [Fact]
    public async Task List_StartAfterAndPageSize_AreHonored()
    {
        Put("a", "b", "c", "d");

        var entries = await ToListAsync(Bucket.ListAsync(new AISListOptions { StartAfter = "b", PageSize = 1 }));

        Assert.Equal(["c", "d"], entries.Select(static entry => entry.Name));
    }

    [Fact]
    public async Task ListArchive_NeighborsWithTheSameStart_AreLeftOut()
    {
        var tar = AIStoreArchives.Tar(("n01/img7.jpg", new byte[4]), ("n01/img7.cls", new byte[2]));
        Server.Contents.Put("imagenet", "a.tar", tar);
        Server.Contents.Put("imagenet", "a.tar.idx", [1]);
        Server.Contents.Put("imagenet", "a.tar2.tar", AIStoreArchives.Tar(("x", [1])));

        var members = await ToListAsync(Bucket.ListArchiveAsync("a.tar"));

        Assert.Equal([("n01/img7.cls", 2L), ("n01/img7.jpg", 4L)], members.Select(static member => (member.Name, member.Size)));
    }

    [Fact]
    public async Task List_NoBucket_SaysSo()
    {
        var error = await ThrowsKindAsync(StorageErrorKind.NotFound, () => ToListAsync(Client.Bucket("nope").ListAllObjectsAsync()));

        Assert.Contains("no such bucket", error.Message, StringComparison.Ordinal);
    }

    private void Put(params string[] names)
    {
        foreach (var name in names)
        {
            Server.Contents.Put("imagenet", name, [1]);
        }
    }

    private async Task<List<string>> NamesAsync() => [.. (await ToListAsync(Bucket.ListAllObjectsAsync())).Select(static item => item.Name)];
}
