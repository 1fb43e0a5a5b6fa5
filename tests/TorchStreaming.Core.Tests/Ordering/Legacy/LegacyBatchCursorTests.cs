// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering.Legacy;

public sealed class LegacyBatchCursorTests
{
    private const int BatchSize = 4;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void ReadBatch_Shuffled_GivesEachSampleOfEachPartOnce(int workers, int ranks)
    {
        for (var samples = 0; samples <= 40; samples++)
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                var parts = CreateParts(samples, workers, new World(1, ranks, rank));
                var expected = parts.SelectMany(static part => Enumerable.Range((int)part.FirstSample, (int)part.SampleCount))
                    .Select(static id => (long)id).Order();

                var read = Read(parts, shuffleKey: 7, skip: 0).SelectMany(static batch => batch);

                Assert.Equal(expected, read.Order());
            }
        }
    }

    [Fact]
    public void ReadBatch_OtherKey_GivesAnotherOrderWithinTheSameParts()
    {
        var parts = CreateParts(200, workers: 2, World.Single);
        var ordered = Read(parts, null, 0);
        var first = Read(parts, 1, 0);
        var second = Read(parts, 2, 0);

        Assert.NotEqual(first, second);
        Assert.NotEqual(ordered, first);
        Assert.Equal(first, Read(parts, 1, 0));
        for (var i = 0; i < first.Count; i++)
        {
            Assert.Equal(i % 2 == 0, first[i].All(static id => id < 100));
            Assert.Equal(i % 2 == 1, first[i].All(static id => id >= 100));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3UL)]
    public void ReadBatch_WithSkip_GoesOnAtAnySample(ulong? key)
    {
        foreach (var workers in (int[])[1, 2, 5])
        {
            var parts = CreateParts(61, workers, World.Single);
            var whole = Read(parts, key, 0).SelectMany(static batch => batch).ToArray();
            for (var skip = 0; skip <= whole.Length + 1; skip++)
            {
                Assert.Equal(whole.Skip(skip), Read(parts, key, skip).SelectMany(static batch => batch));
            }
        }
    }

    private static LegacyPartition[] CreateParts(int samples, int workers, World world)
    {
        var spanner = new Spanner([new StreamShape { ShardSizes = [samples / 2, samples - (samples / 2)] }]);
        return [.. Enumerable.Range(0, workers).Select(worker => LegacyPartition.Create(spanner, world, worker, workers, BatchSize))];
    }

    private static List<long[]> Read(LegacyPartition[] parts, ulong? shuffleKey, long skip)
    {
        var cursor = new LegacyBatchCursor(parts, BatchSize, shuffleKey, skip);
        var batches = new List<long[]>();
        var ids = new long[BatchSize];
        while (cursor.ReadBatch(ids) is var count && count > 0)
        {
            batches.Add(ids[..count]);
        }

        return batches;
    }
}
