// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

/// <summary>Reads options from the golden files' JSON, which has upstream's argument names.</summary>
internal static class OrderJson
{
    public static OrderOptions ReadOptions(JsonElement streams, JsonElement dataset) =>
        ReadOptions([.. streams.EnumerateArray().Select(static stream => ReadStream(stream, [.. GoldenCases.ShardSizes(stream)]))],
            dataset);

    public static OrderOptions ReadOptions(ImmutableArray<StreamShape> streams, JsonElement dataset, int? batchSize = null) => new()
    {
        Streams = streams,
        BatchSize = batchSize ?? dataset.GetProperty("batch_size").GetInt32(),
        EpochSize = ReadCount(dataset, "epoch_size"),
        Shuffle = dataset.TryGetProperty("shuffle", out var shuffle) && shuffle.GetBoolean(),
        ShuffleAlgorithm = OrderNames.Parse<ShuffleAlgorithm>(Text(dataset, "shuffle_algo", "py1e")),
        ShuffleSeed = ulong.Parse(Text(dataset, "shuffle_seed", "9176"), CultureInfo.InvariantCulture),
        ShuffleBlockSize = ReadCount(dataset, "shuffle_block_size"),
        NumCanonicalNodes = GoldenCases.OptionalInt(dataset, "num_canonical_nodes"),
        PartitionAlgorithm = OrderNames.Parse<PartitionAlgorithm>(Text(dataset, "partition_algo", "relaxed")),
        BatchingMethod = OrderNames.Parse<BatchingMethod>(Text(dataset, "batching_method", "random")),
        SamplingMethod = OrderNames.Parse<SamplingMethod>(Text(dataset, "sampling_method", "balanced")),
        SamplingGranularity = GoldenCases.OptionalInt(dataset, "sampling_granularity") ?? 1,
        Replication = GoldenCases.OptionalInt(dataset, "replication"),
    };

    public static StreamShape ReadStream(JsonElement stream, ImmutableArray<int> sizes) => new()
    {
        ShardSizes = sizes,
        Proportion = ReadDouble(stream, "proportion"),
        Repeat = ReadDouble(stream, "repeat"),
        Choose = GoldenCases.OptionalInt(stream, "choose"),
    };

    private static string Text(JsonElement parent, string key, string otherwise) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : otherwise;

    private static double? ReadDouble(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static long? ReadCount(JsonElement parent, string key) =>
        !parent.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetInt64()
        : SampleCount.Parse(value.GetString()!).Samples;
}
