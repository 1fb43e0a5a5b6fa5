// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

public sealed class IndexRebuilderTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Rebuild_EveryRecordedDataset_GivesItsIndex()
    {
        var count = 0;
        foreach (var dataset in GoldenDataset.All())
        {
            if (dataset.Name.StartsWith("merge-index", StringComparison.Ordinal) || dataset.ReadIndex().Shards.IsEmpty)
            {
                continue;
            }

            var output = new ArrayBufferWriter<byte>();
            IndexRebuilder.Rebuild(dataset.DataFolder).Write(output);

            Assert.Equal(File.ReadAllText(Path.Combine(dataset.DataFolder, "index.json")), Encoding.UTF8.GetString(output.WrittenSpan));
            count++;
        }

        GoldenData.AssertMoreThan(80, count);
    }

    [Fact]
    public void Rebuild_WithoutShardsOrDirectory_Throws()
    {
        Assert.Throws<ShardFormatException>(() => IndexRebuilder.Rebuild(_folder.Path));
        Assert.Throws<StorageException>(() => IndexRebuilder.Rebuild(_folder.Combine("none")));
    }

    [Fact]
    public void Rebuild_WithAGap_Throws()
    {
        File.WriteAllBytes(_folder.Combine("shard.00001.mds"), new byte[8]);

        Assert.Throws<ShardFormatException>(() => IndexRebuilder.Rebuild(_folder.Path));
    }
}
