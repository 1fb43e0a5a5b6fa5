// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text.Json;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests;

[Trait("Category", GoldenData.Category)]
public sealed class LegacyLoaderGoldenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [GoldenTheory]
    [InlineData(null)]
    [InlineData("gz")]
    public void Epoch_EveryRecordedLoader_GivesTheRecordedBatches(string? compression)
    {
        using var document = GoldenData.ReadJson("composer-legacy", "dataloader.json");
        var cases = document.RootElement.EnumerateArray().ToArray();
        GoldenData.AssertCount(19, cases.Length);
        for (var i = 0; i < cases.Length; i++)
        {
            var remote = _directory.Combine("remote", $"{i}");
            LegacyDataset.Write(
                remote, cases[i].GetProperty("num_samples").GetInt32(), cases[i].GetProperty("shard_size_limit").GetInt64(), compression);
            using var dataset = LegacyStreamingDataset.Open(new LegacyStreamingDatasetOptions
            {
                Remote = remote,
                Local = _directory.Combine("local", $"{i}"),
                BatchSize = cases[i].GetProperty("batch_size_hint") is { ValueKind: JsonValueKind.Number } hint ? hint.GetInt32() : null,
                Encodings = ImmutableDictionary<string, string>.Empty.Add("uid", "str_int"),
                World = World.Single,
            });
            using var loader = new BatchLoader(dataset, new ColumnSet(new ScalarColumn("uid")), new BatchLoaderOptions
            {
                BatchSize = cases[i].GetProperty("batch_size").GetInt32(),
                NumWorkers = cases[i].GetProperty("num_workers").GetInt32(),
                DropLast = cases[i].GetProperty("drop_last").GetBoolean(),
            });

            Assert.Equal(cases[i].GetProperty("dataset_len").GetInt64(), dataset.Count);
            Assert.Equal(cases[i].GetProperty("dataloader_len").GetInt64(), loader.EpochLength);
            foreach (var epoch in cases[i].GetProperty("epochs").EnumerateArray())
            {
                var expected = epoch.EnumerateArray().Select(static batch => batch.EnumerateArray().Select(static id => id.GetInt64()).ToArray());
                Assert.Equal(expected, loader.Select(static batch => batch.SampleIds.ToArray()).ToArray());
            }
        }
    }
}
