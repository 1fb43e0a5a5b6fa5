// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The rules that options must keep before anything is computed from them.</summary>
internal static class OrderOptionsValidation
{
    /// <summary>No count in an epoch may be larger: beyond this doubles lose units and products with node counts overflow.</summary>
    public const long LargestCount = 1L << 52;

    /// <summary>There may be no more canonical nodes: every one of them costs memory.</summary>
    public const int MostCanonicalNodes = 1 << 20;

    public static void Validate(OrderOptions options)
    {
        if (options.Streams.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A dataset needs at least one stream, but none is given.", nameof(options));
        }

        RequireAtLeastOne(options.BatchSize, nameof(options.BatchSize));
        RequireAtLeastOne(options.SamplingGranularity, nameof(options.SamplingGranularity));
        RequireAtLeastOne(options.EpochSize, nameof(options.EpochSize));
        RequireAtLeastOne(options.ShuffleBlockSize, nameof(options.ShuffleBlockSize));
        RequireAtLeastOne(options.NumCanonicalNodes, nameof(options.NumCanonicalNodes));
        RequireAtLeastOne(options.Replication, nameof(options.Replication));
        if (options.EpochSize > LargestCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.EpochSize, $"EpochSize is {options.EpochSize}; it may be at most {LargestCount}.");
        }

        if (options.NumCanonicalNodes > MostCanonicalNodes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.NumCanonicalNodes,
                $"NumCanonicalNodes is {options.NumCanonicalNodes}; it may be at most {MostCanonicalNodes}.");
        }

        // The names double as the lists of what is defined.
        options.ShuffleAlgorithm.ToName();
        options.PartitionAlgorithm.ToName();
        options.BatchingMethod.ToName();
        options.SamplingMethod.ToName();
        ValidateBlockSize(options);
        ValidateStreams(options);
    }

    private static void ValidateBlockSize(OrderOptions options)
    {
        if (options is { Shuffle: true, ShuffleAlgorithm: ShuffleAlgorithm.Py1BR, ShuffleBlockSize: 1 })
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.ShuffleBlockSize,
                "ShuffleBlockSize is 1; py1br needs at least 2, since it draws blocks of 0.75 to 1.25 times it.");
        }
    }

    private static void ValidateStreams(OrderOptions options)
    {
        var proportions = 0;
        for (var i = 0; i < options.Streams.Length; i++)
        {
            var stream = options.Streams[i] ?? throw new ArgumentException($"Stream {i} is null.", nameof(options));
            if (stream.ShardSizes.IsDefault)
            {
                throw new ArgumentException($"Stream {i} has no list of shard sizes.", nameof(options));
            }

            RequireWeight(i, "proportion", stream.Proportion);
            RequireWeight(i, "repeat", stream.Repeat);
            RequireWeight(i, "choose", stream.Choose);
            var kinds = (stream.Proportion is null ? 0 : 1) + (stream.Repeat is null ? 0 : 1) + (stream.Choose is null ? 0 : 1);
            if (kinds > 1)
            {
                throw new ArgumentException(
                    $"Stream {i} has {kinds} weights (proportion {Show(stream.Proportion)}, repeat {Show(stream.Repeat)}, "
                    + $"choose {Show(stream.Choose)}). Give at most one.",
                    nameof(options));
            }

            proportions += stream.Proportion is null ? 0 : 1;
        }

        if (proportions != 0 && proportions != options.Streams.Length)
        {
            throw new ArgumentException(
                $"{proportions} of {options.Streams.Length} streams have a proportion. Relative weights (proportion) and absolute weights "
                + "(repeat, choose or none) cannot be mixed: give every stream a proportion, or none.",
                nameof(options));
        }
    }

    private static void RequireAtLeastOne(long? value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1.");
        }
    }

    private static void RequireWeight(int stream, string name, double? weight)
    {
        if (weight is { } value && !(value >= 0 && value <= LargestCount))
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"Stream {stream} has {name} {Show(value)}; it must be a number from 0 to {LargestCount}.");
        }
    }

    private static string Show(double? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";
}
