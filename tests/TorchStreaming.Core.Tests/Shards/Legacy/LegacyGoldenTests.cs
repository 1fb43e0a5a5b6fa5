// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Legacy;

[Trait("Category", GoldenData.Category)]
public sealed class LegacyGoldenTests : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [GoldenFact]
    public void GetSample_OfEveryRecordedDataset_GivesTheRecordedValues()
    {
        foreach (var (name, expected) in Cases())
        {
            var read = ReadDataset(expected);
            var samples = expected.GetProperty("samples").EnumerateArray().ToArray();
            Assert.Equal($"{name} {samples.Length}", $"{name} {read.Count}");
            for (var i = 0; i < samples.Length; i++)
            {
                foreach (var field in samples[i].EnumerateObject())
                {
                    Assert.Equal(DescribeValue(name, i, field.Value), DescribeValue(name, i, field.Value, read[i][field.Name]));
                }
            }
        }
    }

    [GoldenFact]
    public void WriteSample_OfEveryRecordedDataset_GivesTheRecordedFiles()
    {
        foreach (var (name, expected) in Cases())
        {
            var folder = _scratch.Combine("written", name);
            var arguments = expected.GetProperty("writer");
            using (var writer = new StreamingDatasetWriter(
                folder,
                [.. arguments.GetProperty("fields").EnumerateArray().Select(static field => field.GetString()!)],
                arguments.GetProperty("shard_size_limit").GetInt64(),
                arguments.GetProperty("compression").GetString()))
            {
                writer.WriteSamples(ReadDataset(expected));
                writer.Finish();
            }

            Assert.Equal(
                expected.GetProperty("files").EnumerateObject().Select(static file => file.Name).Order(StringComparer.Ordinal),
                Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            foreach (var file in expected.GetProperty("raw_files").EnumerateObject())
            {
                // The first revision that compressed wrote its marker without a line break.
                var suffix = name == "docs-gz-early" && file.Name == LegacyIndex.CompressionFileName ? 1 : 0;
                var bytes = ReadRaw(folder, file.Name);
                Assert.Equal(
                    $"{name} {file.Name} {file.Value.GetProperty("bytes")} {file.Value.GetProperty("sha256")}",
                    $"{name} {file.Name} {bytes.Length - suffix} {GoldenValues.Sha256(bytes.AsSpan(0, bytes.Length - suffix))}");
            }
        }
    }

    [GoldenFact]
    public void Parse_EveryRecordedIndex_GivesTheRecordedShardsAndSizes()
    {
        using var document = GoldenData.ReadJson("composer-legacy", "index-only.json");
        foreach (var entry in document.RootElement.EnumerateObject())
        {
            if (!GoldenData.Has("composer-legacy", entry.Value.GetProperty("file").GetString()!))
            {
                continue;
            }

            var path = GoldenData.PathOf("composer-legacy", entry.Value.GetProperty("file").GetString()!);
            var expected = entry.Value.GetProperty("index");

            var index = LegacyIndex.Parse(File.ReadAllBytes(path), path, isCompressed: false);

            Assert.Equal(Longs(expected, "samples_per_shard"), index.Shards.Select(static shard => (long)shard.SampleCount));
            Assert.Equal(Longs(expected, "bytes_per_shard"), index.Shards.Select(static shard => shard.RawBytes));
            Assert.Equal(
                Longs(expected, "bytes_per_sample"),
                index.Shards.SelectMany(static shard => Enumerable.Range(0, shard.SampleCount).Select(i => (long)shard.SampleSizes![i])));
            if (index.Shards is [var first, ..])
            {
                var fields = expected.GetProperty("fields").EnumerateArray().Select(static field => field.GetString());
                Assert.Equal(fields, first.Schema.Columns.Select(static column => column.Name));
            }
        }
    }

    private static IEnumerable<(string Name, JsonElement Expected)> Cases()
    {
        using var document = GoldenData.ReadJson("composer-legacy", "expected.json");
        foreach (var entry in document.RootElement.GetProperty("cases").EnumerateObject())
        {
            if (GoldenData.HasData("composer-legacy", entry.Value.GetProperty("dir").GetString()!))
            {
                yield return (entry.Name, entry.Value.Clone());
            }
        }
    }

    private List<Dictionary<string, byte[]>> ReadDataset(JsonElement expected)
    {
        var folder = GoldenData.PathOf("composer-legacy", expected.GetProperty("dir").GetString()!);
        var isCompressed = File.Exists(Path.Combine(folder, LegacyIndex.CompressedFileName));
        var index = LegacyIndex.Parse(ReadRaw(folder, LegacyIndex.FileName), folder, isCompressed);
        var samples = new List<Dictionary<string, byte[]>>();
        foreach (var shard in index.Shards)
        {
            var path = _scratch.Combine("shard");
            File.WriteAllBytes(path, ReadRaw(folder, shard.Files[0].Raw.Basename));
            using var reader = ShardReaders.Open(shard, [path]);
            for (var i = 0; i < reader.SampleCount; i++)
            {
                samples.Add(Enumerable.Range(0, shard.Schema.Columns.Length)
                    .ToDictionary(column => shard.Schema.Columns[column].Name, column => (byte[])reader.ReadValue(i, column)!));
            }
        }

        return samples;
    }

    private static byte[] ReadRaw(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            return File.ReadAllBytes(path);
        }

        using var input = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var output = new MemoryStream();
        input.CopyTo(output);
        return output.ToArray();
    }

    private static IEnumerable<long> Longs(JsonElement index, string name) =>
        index.GetProperty(name).EnumerateArray().Select(static value => value.GetInt64());

    private static string DescribeValue(string name, int sample, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? $"{name} {sample} {value.GetString()}"
        : $"{name} {sample} {value.GetProperty("len")} {value.GetProperty("sha256")}";

    private static string DescribeValue(string name, int sample, JsonElement expected, byte[] actual) =>
        expected.ValueKind == JsonValueKind.String
        ? $"{name} {sample} {Convert.ToBase64String(actual)}"
        : $"{name} {sample} {actual.Length} {GoldenValues.Sha256(actual)}";
}
