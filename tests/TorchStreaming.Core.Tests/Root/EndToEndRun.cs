// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

/// <summary>One rank of one phase of a recorded end-to-end case: a dataset and a loader with the case's arguments.</summary>
internal sealed class EndToEndRun : IDisposable
{
    private readonly StreamingDataset _dataset;

    private EndToEndRun(StreamingDataset dataset, BatchLoader loader)
    {
        _dataset = dataset;
        Loader = loader;
    }

    public BatchLoader Loader { get; }

    public static EndToEndRun Open(JsonElement recorded, JsonElement phase, int rank, TemporaryDirectory caches)
    {
        var shape = phase.GetProperty("world");
        var world = new World(shape.GetProperty("nodes").GetInt32(), shape.GetProperty("ranks_per_node").GetInt32(), rank);
        var options = ReadOptions(recorded.GetProperty("dataset_args")) with
        {
            World = world,
            BatchSize = phase.GetProperty("batch_size").GetInt32(),
        };
        var dataset = StreamingDataset.Open([.. ReadStreams(recorded, caches.Combine($"node{world.Node}"))], options);
        var workers = shape.GetProperty("workers").GetInt32();
        var loader = new BatchLoader(dataset, new DecodedIdTransform(), new BatchLoaderOptions
        {
            NumWorkers = workers,
            Threads = (rank + workers) % 3,
            DropLast = recorded.TryGetProperty("drop_last", out var dropLast) && dropLast.GetBoolean(),
        });
        if (phase.TryGetProperty("load_state", out var state) && state.ValueKind == JsonValueKind.Object)
        {
            loader.LoadStateDict(state.GetRawText());
        }

        return new EndToEndRun(dataset, loader);
    }

    public static List<long[]> Batches(JsonElement epoch) =>
        [
            .. epoch.GetProperty("batches").EnumerateArray()
                .Select(static batch => batch.EnumerateArray().Select(static id => id.GetInt64()).ToArray()),
        ];

    public static int? MaxBatches(JsonElement step) =>
        step.TryGetProperty("max_batches", out var most) && most.ValueKind == JsonValueKind.Number ? most.GetInt32() : null;

    public void AssertLengths(JsonElement rank)
    {
        Assert.Equal(rank.GetProperty("dataset_size").GetInt64(), _dataset.Count);
        Assert.Equal(rank.GetProperty("epoch_size").GetInt64(), _dataset.EpochSize);
        Assert.Equal(rank.GetProperty("dataset_len").GetInt64(), _dataset.EpochLength);
        Assert.Equal(rank.GetProperty("dataloader_len").GetInt64(), Loader.EpochLength);
    }

    public void AssertSteps(JsonElement phase, JsonElement rank)
    {
        foreach (var (step, epoch) in phase.GetProperty("steps").EnumerateArray().Zip(rank.GetProperty("epochs").EnumerateArray()))
        {
            if (step.GetProperty("op").GetString() == "dataset_state_dict")
            {
                AssertState(epoch.GetProperty("state_dict"), _dataset.StateDict(
                    step.GetProperty("num_samples").GetInt64(), step.GetProperty("from_beginning").GetBoolean()));
                continue;
            }

            Assert.Equal("iterate", step.GetProperty("op").GetString());
            var batches = Iterate(MaxBatches(step));
            Assert.Equal(Batches(epoch), batches);
            Assert.Equal(epoch.GetProperty("num_samples_yielded").GetInt64(), batches.Sum(static batch => batch.LongLength));
            if (epoch.TryGetProperty("state_dict", out var state))
            {
                AssertState(state, Loader.StateDict());
            }
        }
    }

    /// <summary>Reads the ids out of the samples themselves.</summary>
    public List<long[]> Iterate(int? maxBatches)
    {
        var batches = new List<long[]>();
        foreach (var batch in Loader)
        {
            batches.Add(batch.GetValues<long>("id").ToArray());
            if (batches.Count == maxBatches)
            {
                break;
            }
        }

        return batches;
    }

    public void Dispose()
    {
        Loader.Dispose();
        _dataset.Dispose();
    }

    private static void AssertState(JsonElement expected, LoaderState actual)
    {
        using var written = JsonDocument.Parse(actual.ToJson());
        foreach (var property in expected.EnumerateObject())
        {
            Assert.Equal(property.Value.GetRawText(), written.RootElement.GetProperty(property.Name).GetRawText());
        }
    }

    private static IEnumerable<DataStream> ReadStreams(JsonElement recorded, string cache)
    {
        var localOnly = recorded.TryGetProperty("local_only", out var only) && only.GetBoolean();
        if (recorded.TryGetProperty("dataset", out var single))
        {
            yield return Locate(single.GetString()!);
            yield break;
        }

        foreach (var stream in recorded.GetProperty("streams").EnumerateArray())
        {
            yield return Locate(stream.GetProperty("dataset").GetString()!) with
            {
                Proportion = stream.TryGetProperty("proportion", out var proportion) ? proportion.GetDouble() : null,
                Repeat = stream.TryGetProperty("repeat", out var repeat) ? repeat.GetDouble() : null,
                Choose = stream.TryGetProperty("choose", out var choose) ? choose.GetInt64() : null,
            };
        }

        DataStream Locate(string name) => new()
        {
            Remote = GoldenData.DataOf("streaming", "e2e-datasets", name),
            Local = localOnly ? null : Path.Combine(cache, name),
        };
    }

    private static StreamingDatasetOptions ReadOptions(JsonElement arguments)
    {
        var options = new StreamingDatasetOptions();
        foreach (var argument in arguments.EnumerateObject())
        {
            var value = argument.Value;
            options = argument.Name switch
            {
                "shuffle" => options with { Shuffle = value.GetBoolean() },
                "shuffle_algo" => options with { ShuffleAlgorithm = OrderNames.Parse<ShuffleAlgorithm>(value.GetString()!) },
                "shuffle_seed" => options with { ShuffleSeed = ulong.Parse(value.GetString()!, CultureInfo.InvariantCulture) },
                "shuffle_block_size" => options with { ShuffleBlockSize = value.GetInt64() },
                "num_canonical_nodes" => options with { NumCanonicalNodes = value.GetInt32() },
                "partition_algo" => options with { PartitionAlgorithm = OrderNames.Parse<PartitionAlgorithm>(value.GetString()!) },
                "batching_method" => options with { BatchingMethod = OrderNames.Parse<BatchingMethod>(value.GetString()!) },
                "sampling_method" => options with { SamplingMethod = OrderNames.Parse<SamplingMethod>(value.GetString()!) },
                "sampling_granularity" => options with { SamplingGranularity = value.GetInt32() },
                "epoch_size" => options with
                {
                    EpochSize = value.ValueKind == JsonValueKind.Number ? value.GetInt64() : SampleCount.Parse(value.GetString()!),
                },
                "replication" => options with { Replication = value.GetInt32() },
                "validate_hash" => options with { ValidateHash = value.GetString() },
                "keep_zip" => options with { KeepZip = value.GetBoolean() },
                "predownload" => options with { Predownload = value.GetInt32() },
                "cache_limit" => options with
                {
                    CacheLimit = value.ValueKind == JsonValueKind.Number ? value.GetInt64() : ByteSize.Parse(value.GetString()!),
                },
                _ => throw new NotSupportedException($"The recorded case has the unknown argument '{argument.Name}'."),
            };
        }

        return options;
    }
}
