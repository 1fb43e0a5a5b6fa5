// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>What holds for any cluster, run against the one that <c>AIS_ENDPOINT</c> names; each test has a bucket of its own.</summary>
[RequiresVariable("AIS_ENDPOINT")]
public sealed class AIStoreClusterTests : ObjectStoreContractTests
{
    private AISBucket _bucket = null!;
    private AIStoreObjectStore _store = null!;

    protected override IObjectStore Store => _store;

    public override async Task InitializeAsync()
    {
        var client = new AISClient();
        _bucket = client.Bucket($"torchstreaming-{Guid.NewGuid():N}"[..32]);
        await _bucket.CreateAsync();
        _store = new AIStoreObjectStore($"ais://{_bucket.Name}", client);
    }

    public override async Task DisposeAsync() => await _bucket.DeleteAsync(missingOk: true);

    [ContractFact]
    public async Task Cluster_MapAndOwners_AreConsistent()
    {
        var map = await _bucket.Client.GetClusterMapAsync();

        Assert.True(await _bucket.Client.IsReadyAsync());
        Assert.All(map.Targets, static node => Assert.Equal(AISClusterMap.DigestOf(node.Id), node.Digest));
        Assert.NotNull(map.OwnerOf(_bucket.Identity, "a"));
    }

    [ContractTheory]
    [InlineData("dir a/50%#1?+é\\x.jpg")]
    [InlineData("ünïcödé/数据/😀")]
    public async Task Object_UnusualName_SurvivesWriteListAndRead(string name)
    {
        await _bucket.Object(name).PutAsync(Encoding.UTF8.GetBytes(name));

        Assert.Equal(name, Encoding.UTF8.GetString(await _bucket.Object(name).ReadAsync()));
        Assert.Equal([name], await NamesAsync(new AISListOptions()));
        Assert.Equal([name], await NamesAsync(new AISListOptions { PreferJson = true }));
    }

    [ContractFact]
    public async Task List_SmallPages_GiveAllNames()
    {
        for (var i = 0; i < 7; i++)
        {
            await PutAsync($"{i}", [1]);
        }

        Assert.Equal(7, (await NamesAsync(new AISListOptions { PageSize = 2 })).Count);
    }

    [ContractFact]
    public async Task Shard_MembersAndSamples_AreRead()
    {
        await PutAsync("s.tar", AIStoreArchives.Tar(("1.cls", "7"u8.ToArray()), ("1.jpg", Bytes(5000))));
        var shard = _bucket.Object("s.tar");
        var members = new List<string>();
        await foreach (var member in _bucket.ListArchiveAsync("s.tar"))
        {
            members.Add(member.Name);
        }

        Assert.Equal(["1.cls", "1.jpg"], members);
        Assert.Equal("7"u8.ToArray(), await shard.ReadAsync(new AISReadOptions { ArchivePath = "1.cls" }));
        var matching = await shard.ReadAsync(new AISReadOptions { ArchiveMatch = AISArchiveMatch.WebDatasetKey("1") });
        Assert.Equal(2, AIStoreArchives.Members("x.tar", matching)!.Count);
        Assert.Equal("1", new AISShardStream([_bucket]).ReadEpoch().Single().Key);
    }

    [ContractFact]
    public async Task Batch_ObjectsAndMembers_AreGivenInOrder()
    {
        await PutAsync("a", Bytes(10));
        await PutAsync("s.tar", AIStoreArchives.Tar(("1.cls", "7"u8.ToArray())));

        var contents = await AISBatchReader.ReadAsync(
            [new AISBatchItem(_bucket.Object("s.tar"), "1.cls"), new AISBatchItem(_bucket.Object("a"))]);

        Assert.Equal(["7"u8.ToArray(), Bytes(10)], contents.Select(static content => content!.Value.ToArray()));
    }

    private async Task<List<string>> NamesAsync(AISListOptions options)
    {
        var names = new List<string>();
        await foreach (var entry in _bucket.ListAsync(options))
        {
            names.Add(entry.Name);
        }

        return names;
    }
}
