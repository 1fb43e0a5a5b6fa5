// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Tests.Shards.Tar;

/// <summary>The rules that make samples of names.</summary>
public sealed class TarKeyTests
{
    [Theory]
    [InlineData("a.jpg", "a", "jpg")]
    [InlineData("d/a.seg.png", "d/a", "seg.png")]
    [InlineData("./d/a.png", "./d/a", "png")]
    [InlineData("d.v1/a.png", "d.v1/a", "png")]
    [InlineData("a..b", "a", ".b")]
    [InlineData("IMG.JPG", "IMG", "JPG")]
    [InlineData("__a.jpg", "__a", "jpg")]
    [InlineData("README", null, null)]
    [InlineData("a.", null, null)]
    [InlineData(".hidden", null, null)]
    [InlineData("d/.x.y", null, null)]
    [InlineData("__meta__/a.jpg", null, null)]
    [InlineData("d/__x.y__", null, null)]
    [InlineData("", null, null)]
    public void TryParse_WebDataset_SplitsAtTheFirstDot(string name, string? key, string? field) =>
        AssertParts(name, TarKeyRule.WebDataset, key, field);

    [Theory]
    [InlineData("a.jpg", "a", "jpg")]
    [InlineData("d/a.seg.png", "a", "png")]
    [InlineData("d.v1/a.png", "a", "png")]
    [InlineData("a..b", "a", "b")]
    [InlineData("IMG.JPG", "IMG", "JPG")]
    [InlineData("README", null, null)]
    [InlineData("dir.v1/README", null, null)]
    [InlineData("a.", null, null)]
    [InlineData(".hidden", "", "hidden")]
    [InlineData("d/.x.y", "", "y")]
    [InlineData("a.tar.gz", "a", "gz")]
    public void TryParse_AIStore_SplitsAtTheFirstAndTheLastDot(string name, string? key, string? field) =>
        AssertParts(name, TarKeyRule.AIStore, key, field);

    private static void AssertParts(string name, TarKeyRule rule, string? key, string? field)
    {
        var bytes = Encoding.UTF8.GetBytes(name);

        Assert.Equal(key is not null, TarKey.TryParse(bytes, rule, out var parts));
        if (key is not null)
        {
            Assert.Equal((key, field), (Encoding.UTF8.GetString(bytes[parts.Key]), Encoding.UTF8.GetString(bytes[parts.Field])));
        }
    }
}
