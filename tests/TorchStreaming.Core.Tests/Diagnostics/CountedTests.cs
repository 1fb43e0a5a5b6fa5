// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;

namespace TorchStreaming.Tests.Diagnostics;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 shards", "0 batches")]
    [InlineData(1, "1 shard", "1 batch")]
    [InlineData(2, "2 shards", "2 batches")]
    [InlineData(12_345, "12,345 shards", "12,345 batches")]
    public void Of_ACount_AgreesWithTheWord(long count, string regular, string irregular)
    {
        Assert.Equal(regular, Counted.Of(count, "shard"));
        Assert.Equal(irregular, Counted.Of(count, "batch", "batches"));
    }
}
