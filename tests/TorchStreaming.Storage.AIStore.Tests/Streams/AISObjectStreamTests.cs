// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Storage;

namespace TorchStreaming.Tests.Loading;

public sealed class AISObjectStreamTests : AISClusterFixture
{
    [Fact]
    public void Create_NoSource_NamesTheArgument()
    {
        var error = Assert.Throws<ArgumentException>(() => new AISObjectStream([]));

        Assert.Contains("aisSourceList must be provided", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new AISObjectStream(null!));
    }

    [Fact]
    public async Task ReadEpoch_PrefixMap_OrdersSourcesThenPrefixesThenNames()
    {
        var other = Client.Bucket("other");
        Put("imagenet", "b/2", "b/1", "a/1", "c/1");
        Put("other", "x", "y");
        var options = new AISStreamOptions { PrefixMap = new() { { Client.Bucket("imagenet"), "b/", "a/", "a" } } };

        var names = await NamesAsync(new AISObjectStream([Bucket, other], options));

        // Overlapping prefixes give objects twice; a source without an entry is read whole.
        Assert.Equal(["b/1", "b/2", "a/1", "a/1", "x", "y"], names);
    }

    [Fact]
    public async Task ReadEpoch_EmptyPrefixList_LeavesTheSourceOut()
    {
        Put("imagenet", "a");

        Assert.Empty(await NamesAsync(new AISObjectStream([Bucket], new AISStreamOptions { PrefixMap = new() { { Bucket, [] } } })));
        Assert.Empty(Server.Requests);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(3, true)]
    public async Task ReadEpoch_Workers_AreDisjointAndComplete(int workers, bool shuffle)
    {
        var names = Put("imagenet", [.. Enumerable.Range(0, 7).Select(static i => i.ToString(CultureInfo.InvariantCulture))]);
        var parts = new List<List<string>>();
        for (var id = 0; id < workers; id++)
        {
            parts.Add(await NamesAsync(new AISObjectStream([Bucket], new AISStreamOptions { Worker = new AISWorker(id, workers), Shuffle = shuffle })));
        }

        Assert.Equal(names, parts.SelectMany(static part => part).Order(StringComparer.Ordinal));
        if (workers == 3 && !shuffle)
        {
            Assert.Equal([["0", "3", "6"], ["1", "4"], ["2", "5"]], parts);
        }
    }

    [Fact]
    public async Task ReadEpoch_RanksAndWorkers_SplitOnceMore()
    {
        var names = Put("imagenet", [.. Enumerable.Range(0, 9).Select(static i => i.ToString(CultureInfo.InvariantCulture))]);
        var all = new List<string>();
        for (var rank = 0; rank < 2; rank++)
        {
            for (var id = 0; id < 2; id++)
            {
                var options = new AISStreamOptions { Worker = AISWorker.Of(new World(1, 2, rank), id, 2), DropUneven = true };
                var part = await NamesAsync(new AISObjectStream([Bucket], options));
                Assert.Equal(2, part.Count);
                all.AddRange(part);
            }
        }

        Assert.Equal(names.Take(8), all.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReadEpoch_SourcesByWorker_ListsOnlyOwnSources()
    {
        Put("imagenet", "a", "b");
        Put("other", "x", "y");
        AISSource[] sources = [Bucket, Client.Bucket("other")];
        List<string>[] parts = new List<string>[3];
        for (var id = 0; id < 3; id++)
        {
            var options = new AISStreamOptions { Worker = new AISWorker(id, 3), PartitionSourcesByWorker = true };
            parts[id] = await NamesAsync(new AISObjectStream(sources, options));
        }

        Assert.Equal([["a", "b"], ["x", "y"], []], parts);
        Assert.Equal(2, Server.Requests.Count(static request => request.IsList));
    }

    [Fact]
    public async Task ReadEpoch_Second_IsEqualToTheFirst()
    {
        Put("imagenet", "a", "b", "c");
        var stream = new AISObjectStream([Bucket]);

        Assert.Equal(["a", "b", "c"], await NamesAsync(stream));
        Assert.Equal(["a", "b", "c"], await NamesAsync(stream));
        Assert.Equal(["a", "b", "c"], stream.ReadEpoch().Select(static item => item.Name));
    }

    [Fact]
    public async Task ReadEpoch_Shuffled_DependsOnSeedAndEpochAlone()
    {
        Put("imagenet", [.. Enumerable.Range(0, 50).Select(static i => i.ToString("d2", CultureInfo.InvariantCulture))]);
        var stream = new AISObjectStream([Bucket], new AISStreamOptions { Shuffle = true });
        var (first, second) = (await NamesAsync(stream), await NamesAsync(stream));

        Assert.NotEqual(first, second);
        Assert.Equal(first, await NamesAsync(new AISObjectStream([Bucket], new AISStreamOptions { Shuffle = true, Prefetch = 1 })));
        Assert.NotEqual(first, await NamesAsync(new AISObjectStream([Bucket], new AISStreamOptions { Shuffle = true, Seed = 1 })));
        Assert.Equal(first.Order(StringComparer.Ordinal), second.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LoadStateDict_InTheMiddle_GoesOnWithoutReadingTwice(bool shuffle)
    {
        Put("imagenet", "a", "b", "c", "d", "e");
        var options = new AISStreamOptions { Shuffle = shuffle, Prefetch = 1 };
        var whole = await NamesAsync(new AISObjectStream([Bucket], options));
        var next = new AISObjectStream([Bucket], options);
        _ = await NamesAsync(next);
        var secondEpoch = await NamesAsync(next);

        var stream = new AISObjectStream([Bucket], options);
        var seen = new List<string>();
        await foreach (var item in stream.ReadEpochAsync())
        {
            seen.Add(item.Name);
            if (seen.Count == 2)
            {
                break;
            }
        }

        var resumed = new AISObjectStream([Bucket], options);
        resumed.LoadStateDict(AISStreamState.Parse(stream.StateDict().ToJson()));
        var before = Server.Requests.Count(static request => request.IsTarget);
        Assert.Equal(whole, seen.Concat(await NamesAsync(resumed)));
        Assert.Equal(3, Server.Requests.Count(static request => request.IsTarget) - before);
        Assert.Equal(secondEpoch, await NamesAsync(resumed));
    }

    [Fact]
    public void LoadStateDict_OfAnotherShare_IsRefused()
    {
        var state = new AISObjectStream([Bucket], new AISStreamOptions { Worker = new AISWorker(1, 2) }).StateDict();

        Assert.Throws<ResumeException>(() => new AISObjectStream([Bucket]).LoadStateDict(state));
        Assert.Throws<ResumeException>(() => AISStreamState.Parse("{}"));
        Assert.Throws<ResumeException>(() => AISStreamState.Parse("nonsense"));
    }

    [Fact]
    public async Task ReadEpoch_Faults_NeverChangeWhatIsDelivered()
    {
        for (var i = 0; i < 20; i++)
        {
            Server.Contents.Put("imagenet", i.ToString("d2", CultureInfo.InvariantCulture), Bytes(10_000 + i));
        }

        var expected = await ToListAsync(new AISObjectStream([Bucket]).ReadEpochAsync());
        AIStoreFault[] faults =
        [
            new AIStoreFault.Reset(), new AIStoreFault.Status(429, 1), new AIStoreFault.BreakAfter(5000), new AIStoreFault.FlipByte(9),
            new AIStoreFault.EndAfter(700), new AIStoreFault.Status(404), new AIStoreFault.Status(503),
        ];
        for (var i = 0; i < faults.Length; i++)
        {
            Server.Script(static request => request.IsTarget, faults[i], skip: i);
        }

        Server.Script(static request => request.IsList, new AIStoreFault.Status(500));

        var items = await ToListAsync(new AISObjectStream([Bucket]).ReadEpochAsync());

        Assert.Equal(expected.Select(static item => item.Name), items.Select(static item => item.Name));
        Assert.All(expected.Zip(items), static pair => Assert.True(pair.First.Content.Span.SequenceEqual(pair.Second.Content.Span)));
    }

    [Theory]
    [InlineData(AISMissingObjects.Skip, "a,c")]
    [InlineData(AISMissingObjects.Empty, "a,b,c")]
    public async Task ReadEpoch_ObjectGone_IsWhatTheOptionSays(AISMissingObjects missing, string expected)
    {
        Put("imagenet", "a", "b", "c");
        Server.Script(
            static request => request.IsTarget && request.Path.EndsWith("/b", StringComparison.Ordinal), new AIStoreFault.Status(404), times: 10);

        var items = await ToListAsync(new AISObjectStream([Bucket], new AISStreamOptions { MissingObjects = missing }).ReadEpochAsync());

        Assert.Equal(expected.Split(','), items.Select(static item => item.Name));
        await ThrowsKindAsync(StorageErrorKind.NotFound, () => NamesAsync(new AISObjectStream([Bucket])));
    }

    [Fact]
    public async Task ReadEpoch_TransformAndProgress_AreApplied()
    {
        Put("imagenet", "a", "b");
        Server.Transforms!["double"] = static (bytes, _) => [.. bytes, .. bytes];
        var reports = new List<AISProgress>();
        var options = new AISStreamOptions { EtlName = "double", Progress = new Reports(reports), Worker = new AISWorker(0, 2) };

        var items = await ToListAsync(new AISObjectStream([Bucket], options).ReadEpochAsync());

        Assert.Equal("aa"u8.ToArray(), items.Single().Content.ToArray());
        Assert.Equal([new AISProgress("AISObjectStream (Worker 0)", 1)], reports);
    }

    [Fact]
    public async Task ReadEpoch_Cancelled_IsCancelled()
    {
        Put("imagenet", "a", "b");
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in new AISObjectStream([Bucket], new AISStreamOptions { Prefetch = 1 }).ReadEpochAsync(source.Token))
            {
                await source.CancelAsync();
            }
        });
    }

    private string[] Put(string bucket, params string[] names)
    {
        foreach (var name in names)
        {
            Server.Contents.Put(bucket, name, System.Text.Encoding.UTF8.GetBytes(name));
        }

        return names;
    }

    private static async Task<List<string>> NamesAsync(AISObjectStream stream) =>
        [.. (await ToListAsync(stream.ReadEpochAsync())).Select(static item => item.Name)];

    private sealed class Reports(List<AISProgress> list) : IProgress<AISProgress>
    {
        public void Report(AISProgress value) => list.Add(value);
    }
}
