// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

public sealed class IndexMergerTests
{
    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public async Task MergeAsync_EveryRecordedMerge_GivesTheRecordedIndex()
    {
        var count = 0;
        var root = GoldenData.PathOf("streaming", "shards", "merge-index");
        foreach (var file in Directory.GetFiles(root, "expected.json", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(file)!;
            using var expected = GoldenData.ReadJson(file);
            if (!expected.RootElement.TryGetProperty("parts_in_merged_order", out var parts))
            {
                continue;
            }

            if (!parts.EnumerateArray().Select(static part => part.GetString()!).Append("")
                .All(part => GoldenData.Has(folder, "data", part, "index.json")))
            {
                continue;
            }

            await using var store = new InMemoryObjectStore();
            CopyIndexes(Path.Combine(folder, "data"), store);
            var isList = expected.RootElement.GetProperty("merge_call").GetString()!.Contains('[', StringComparison.Ordinal);

            var keys = parts.EnumerateArray().Select(static part => $"{part.GetString()}/index.json").ToArray();
            await IndexMerger.MergeAsync(store, isList ? keys : null);

            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "data", "index.json")), await ReadText(store, "index.json"));
            count++;
        }

        GoldenData.AssertCount(5, count);
    }

    [Fact]
    public async Task MergeAsync_NestedPartitions_KeepTheWholePath()
    {
        await using var store = new InMemoryObjectStore();
        await WritePartition(store, "a/00");
        await WritePartition(store, "b/00");

        var merged = await IndexMerger.MergeAsync(store);

        Assert.Equal(["a/00/shard.00000.mds", "b/00/shard.00000.mds"], merged.Shards.Select(static shard => shard.Files[0].Raw.Basename));
        Assert.Equal(4, merged.SampleCount);
    }

    [Fact]
    public async Task MergeAsync_OverAMergedPartition_IsRefused()
    {
        await using var store = new InMemoryObjectStore();
        await WritePartition(store, "a/00");
        var text = (await ReadText(store, "a/00/index.json")).Replace("shard.00000.mds", "00/shard.00000.mds", StringComparison.Ordinal);
        store.Write("a/index.json", Encoding.UTF8.GetBytes(text));

        await Assert.ThrowsAsync<ShardFormatException>(async () => await IndexMerger.MergeAsync(store));
    }

    [Fact]
    public async Task MergeAsync_RootWithAnIndex_IsRefusedUnlessReplaced()
    {
        await using var store = new InMemoryObjectStore();
        await WritePartition(store, "a");
        store.Write("index.json", "{}"u8.ToArray());

        var exception = await Assert.ThrowsAsync<StorageException>(async () => await IndexMerger.MergeAsync(store));
        await IndexMerger.MergeAsync(store, replace: true);

        Assert.Equal(StorageErrorKind.PreconditionFailed, exception.Kind);
    }

    [Fact]
    public async Task MergeAsync_NothingToMerge_Throws()
    {
        await using var store = new InMemoryObjectStore();

        await Assert.ThrowsAsync<ShardFormatException>(async () => await IndexMerger.MergeAsync(store));
        await Assert.ThrowsAsync<ArgumentException>(async () => await IndexMerger.MergeAsync(store, ["index.json"], replace: true));
    }

    private static async Task WritePartition(InMemoryObjectStore store, string folder)
    {
        using var temporary = new TemporaryDirectory();
        await using var writer = await MdsWriter.CreateAsync(temporary.Combine("out"), new Dictionary<string, string> { ["x"] = "int" });
        await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = 1 });
        await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = 2 });
        await writer.CompleteAsync();
        foreach (var file in Directory.GetFiles(temporary.Combine("out")))
        {
            store.Write($"{folder}/{Path.GetFileName(file)}", await File.ReadAllBytesAsync(file));
        }
    }

    private static void CopyIndexes(string folder, InMemoryObjectStore store)
    {
        foreach (var file in Directory.GetFiles(folder, "*.*", SearchOption.AllDirectories))
        {
            var key = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (key != "index.json")
            {
                store.Write(key, File.ReadAllBytes(file));
            }
        }
    }

    private static async Task<string> ReadText(InMemoryObjectStore store, string key)
    {
        await using var content = await store.OpenReadAsync(key);
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }
}
