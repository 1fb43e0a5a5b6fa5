// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

[Trait("Category", GoldenData.Category)]
public sealed class AIStoreStreamingTests : AISClusterFixture
{
    [GoldenFact]
    public async Task Epoch_OfAnMdsDataSetInACluster_SurvivesFaults()
    {
        using var folder = new TemporaryDirectory();
        var stores = new ObjectStoreResolver().AddAIStore(Options);
        await using (var output = new AIStoreObjectStore("ais://imagenet/set", Options))
        {
            foreach (var file in Directory.GetFiles(GoldenFolder))
            {
                await using var content = File.OpenRead(file);
                await output.WriteAsync(Path.GetFileName(file), content);
            }
        }

        Server.Script(static request => request.IsTarget, new AIStoreFault.Reset(), skip: 1);
        Server.Script(static request => request.IsProxy, new AIStoreFault.Status(429), skip: 2);
        await using var expected = await StreamingDataset.OpenAsync(GoldenFolder);
        await using var dataset = await StreamingDataset.OpenAsync("ais://imagenet/set", new StreamingDatasetOptions
        {
            Local = Path.Combine(folder.Path, "cache"),
            Stores = stores,
            TimeProvider = Time,
            DownloadRetry = 4,
        });

        Assert.Equal(expected.Count, dataset.Count);
        for (var i = 0; i < dataset.Count; i++)
        {
            using var wanted = expected.GetSample(i);
            using var found = dataset.GetSample(i);
            foreach (var column in wanted.Columns)
            {
                Assert.True(wanted.Bytes(column.Name).SequenceEqual(found.Bytes(column.Name)), $"sample {i}, column {column.Name}");
            }
        }
    }

    private static string GoldenFolder => GoldenData.OwnPathOf("streaming", "e2e-datasets", "tiny");
}
