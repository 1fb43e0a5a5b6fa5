// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Golden;

[Trait("Category", GoldenData.Category)]
public sealed class ReadGoldenTests : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [GoldenFact]
    public void GetSample_OfEveryRecordedDataset_GivesTheRecordedBytesAndValues()
    {
        var count = 0;
        foreach (var dataset in GoldenDataset.All())
        {
            CheckSamples(dataset);
            count++;
        }

        GoldenData.AssertMoreThan(80, count);
    }

    [GoldenFact]
    public void Hashes_OfEveryRecordedFile_AreTheIndexes()
    {
        foreach (var dataset in GoldenDataset.All())
        {
            foreach (var file in dataset.ReadIndex().Shards.SelectMany(static shard => shard.Files))
            {
                var bytes = File.ReadAllBytes(Path.Combine(dataset.DataFolder, file.Stored.Basename));
                Assert.Equal(file.Stored.Bytes, bytes.Length);
                foreach (var (name, digest) in file.Stored.Hashes)
                {
                    using var hash = ShardHashes.Create(name);
                    hash.Append(bytes);
                    Assert.Equal($"{dataset.Name} {name} {digest}", $"{dataset.Name} {name} {hash.GetHexDigest()}");
                }
            }
        }
    }

    private void CheckSamples(GoldenDataset dataset)
    {
        var samples = dataset.Expected.GetProperty("samples").EnumerateArray().ToArray();
        var next = 0;
        var index = dataset.ReadIndex();
        Assert.Equal(
            dataset.Expected.GetProperty("shard_samples").EnumerateArray().Select(static samples => samples.GetInt32()),
            index.Shards.Select(static shard => shard.SampleCount));
        foreach (var shard in index.Shards)
        {
            using var reader = dataset.OpenShard(shard, _scratch.Path);
            var ranges = new FieldRange[shard.Schema.Columns.Length];
            for (var i = 0; i < reader.SampleCount; i++, next++)
            {
                var place = $"{dataset.Name} sample {next}";
                var sample = reader.GetSample(i, ranges);
                if (samples[next].TryGetProperty("raw_sha256", out var hash))
                {
                    Assert.Equal($"{place} {hash}", $"{place} {GoldenValues.Sha256(sample.Bytes)}");
                }

                if (samples[next].TryGetProperty("values", out var values))
                {
                    CheckValues(place, sample, values);
                }
            }
        }

        Assert.Equal(samples.Length, next);
    }

    private static void CheckValues(string place, SampleFields sample, System.Text.Json.JsonElement values)
    {
        for (var i = 0; i < sample.Schema.Columns.Length; i++)
        {
            var expected = values.GetProperty(sample.Schema.Columns[i].Name);
            var encoding = FieldEncodings.ForColumn(sample.Schema, i);
            if (!encoding.IsSafe)
            {
                var bytes = sample[i].ToArray();
                Assert.Throws<NotSupportedException>(() => encoding.ReadObject(bytes));
                continue;
            }

            var (wanted, actual) = GoldenValues.Compare(expected, encoding.ReadObject(sample[i]));
            Assert.Equal($"{place} {sample.Schema.Columns[i].Name}: {wanted}", $"{place} {sample.Schema.Columns[i].Name}: {actual}");
        }
    }
}
