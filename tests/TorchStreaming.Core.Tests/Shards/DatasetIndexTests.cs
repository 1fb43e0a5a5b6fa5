// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

public sealed class DatasetIndexTests
{
    private const string Valid =
        """{"shards": [{"column_encodings": ["int"], "column_names": ["x"], "column_sizes": [8], "compression": null, "format": "mds", """
        + """ "hashes": [], "raw_data": {"basename": "shard.00000.mds", "bytes": 214, "hashes": {}}, "samples": 4, "size_limit": 225, """
        + """ "version": 2, "zip_data": null}], "version": 2}""";

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Write_OfEveryParsedGoldenIndex_GivesTheSameBytes()
    {
        var files = Directory.GetFiles(GoldenData.PathOf("streaming"), "index.json", SearchOption.AllDirectories);
        GoldenData.AssertMoreThan(0, files.Length);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var output = new ArrayBufferWriter<byte>();

            DatasetIndex.Parse(bytes, file).Write(output);

            // Merged indexes alone begin with the version.
            var expected = Encoding.UTF8.GetString(bytes);
            const string versionFirst = "{\"version\": 2, \"shards\": ";
            if (expected.StartsWith(versionFirst, StringComparison.Ordinal))
            {
                expected = string.Concat("{\"shards\": ", expected.AsSpan()[versionFirst.Length..^1], ", \"version\": 2}");
            }

            Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    [Theory]
    [InlineData("\"samples\": 4", "\"samples\": -1")]
    [InlineData("\"samples\": 4", "\"samples\": 99999999999999999999999")]
    [InlineData("\"samples\": 4", "\"samples\": 53")]
    [InlineData("\"samples\": 4", "\"samples\": 1.5")]
    [InlineData("\"samples\": 4", "\"samples\": null")]
    [InlineData("\"samples\": 4, ", "")]
    [InlineData("\"bytes\": 214", "\"bytes\": -214")]
    [InlineData("\"bytes\": 214, ", "")]
    [InlineData("\"format\": \"mds\"", "\"format\": \"parquet\"")]
    [InlineData("\"format\": \"mds\", ", "")]
    [InlineData("\"format\": \"mds\"", "\"format\": \"json\"")]
    [InlineData("\"version\": 2, \"zip_data\"", "\"version\": 3, \"zip_data\"")]
    [InlineData("], \"version\": 2}", "], \"version\": 1}")]
    [InlineData("], \"version\": 2}", "]}")]
    [InlineData("\"samples\": 4", "\"samples\": 4000000000")]
    [InlineData("\"size_limit\": 225", "\"size_limit\": -1")]
    [InlineData("\"size_limit\": 225", "\"size_limit\": \"lots\"")]
    [InlineData("[\"x\"]", "[\"x\", \"y\"]")]
    [InlineData("[\"x\"]", "[7]")]
    [InlineData("[\"x\"]", "[\"\\ud800\"]")]
    [InlineData("[8]", "[-8]")]
    [InlineData("[8]", "[8.5]")]
    [InlineData("shard.00000.mds", "../shard.00000.mds")]
    [InlineData("shard.00000.mds", "/etc/passwd")]
    [InlineData("shard.00000.mds", "a//b")]
    [InlineData("shard.00000.mds", "c:/x")]
    [InlineData("shard.00000.mds", "..\\\\x")]
    [InlineData("shard.00000.mds", "")]
    [InlineData("\"raw_data\": {", "\"raw_data\": null, \"other\": {")]
    [InlineData("\"zip_data\": null", "\"zip_data\": {\"basename\": \"s.zst\", \"bytes\": 5, \"hashes\": {}}")]
    [InlineData("{\"shards\": [", "{\"shards\": [[")]
    [InlineData("{\"shards\": [", "{\"shards\": [7, ")]
    [InlineData("], \"version\": 2}", "], \"version\": 2")]
    [InlineData("{\"shards\"", "[\"shards\"")]
    public void Parse_DamagedIndex_ThrowsWithThePlace(string part, string replacement)
    {
        Assert.Contains(part, Valid, StringComparison.Ordinal);
        var text = Valid.Replace(part, replacement, StringComparison.Ordinal);

        var exception = Assert.Throws<ShardFormatException>(() => DatasetIndex.Parse(Encoding.UTF8.GetBytes(text), "here/index.json"));

        Assert.Equal("here/index.json", exception.Location.File);
    }

    [Theory]
    [InlineData(long.MaxValue, 4)]
    [InlineData(1L << 50, 5_000_000_000)]
    [InlineData(1L << 32, 4)]
    public void Parse_ImpossibleSizes_ThrowsInsteadOfOverflowing(long bytes, long samples)
    {
        var shard = Valid[(Valid.IndexOf('[', StringComparison.Ordinal) + 1)..Valid.LastIndexOf(']')];
        var huge = Regex.Replace(Regex.Replace(shard, "\"bytes\": [0-9]+", $"\"bytes\": {bytes}"), "\"samples\": 4", $"\"samples\": {samples}");
        var text = Valid.Replace(shard, $"{shard}, {huge}", StringComparison.Ordinal);

        var exception = Assert.Throws<ShardFormatException>(() => DatasetIndex.Parse(Encoding.UTF8.GetBytes(text), "index.json"));

        Assert.Contains("shard 1", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    public void Parse_SomethingElse_Throws(string text) =>
        Assert.Throws<ShardFormatException>(() => DatasetIndex.Parse(Encoding.UTF8.GetBytes(text), "index.json"));

    [Fact]
    public void Parse_EveryPrefixOfAnIndex_Throws()
    {
        var bytes = Encoding.UTF8.GetBytes(Valid);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<ShardFormatException>(() => DatasetIndex.Parse(bytes.AsSpan(0, length), "index.json"));
        }
    }

    [Fact]
    public void Parse_UnknownAndMissingOptionalKeys_IsLenient()
    {
        var text = Valid
            .Replace(", \"zip_data\": null", "", StringComparison.Ordinal)
            .Replace("\"hashes\": [], ", "\"future\": {\"a\": [1, {}]}, ", StringComparison.Ordinal)
            .Replace("\"size_limit\": 225", "\"size_limit\": \"1kb\"", StringComparison.Ordinal);

        var shard = Assert.Single(DatasetIndex.Parse(Encoding.UTF8.GetBytes("\uFEFF" + text), "index.json").Shards);

        Assert.Equal(4, shard.SampleCount);
        Assert.Equal(1024, shard.SizeLimit);
        Assert.Equal("x", Assert.Single(shard.Schema.Columns).Name);
    }

    [Fact]
    public void Parse_ManyShards_ShareOneSchema()
    {
        var index = DatasetIndex.Parse(
            File.ReadAllBytes(GoldenData.OwnPathOf("streaming", "e2e-datasets", "a", "index.json")), "index.json");

        Assert.Single(index.Shards.Select(static shard => shard.Schema).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(index.Shards.Sum(static shard => (long)shard.SampleCount), index.SampleCount);
    }
}
