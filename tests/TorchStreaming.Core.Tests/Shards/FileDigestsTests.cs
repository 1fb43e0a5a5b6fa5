// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Tests.Shards;

public sealed class FileDigestsTests
{
    [Theory]
    [InlineData("00ff", "a1b2c3")]
    [InlineData("NOT HEX", "odd")]
    [InlineData("", "00")]
    public void Create_AnyText_GivesItBackInTheOrderOfTheNames(string sha1, string xxh64)
    {
        var digests = FileDigests.Create([new("xxh64", xxh64), new("sha1", "old"), new("sha1", sha1)]);

        Assert.Equal(["sha1", "xxh64"], digests.Keys);
        Assert.Equal([sha1, xxh64], digests.Values);
        Assert.Equal(xxh64, digests["xxh64"]);
        Assert.True(digests.ContainsKey("sha1"));
        Assert.False(digests.TryGetValue("md5", out _));
        Assert.Throws<KeyNotFoundException>(() => digests["md5"]);
    }

    [Fact]
    public void Create_OfNothing_IsNone() => Assert.Same(FileDigests.None, FileDigests.Create([]));
}
