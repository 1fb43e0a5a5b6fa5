// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Ordering;

/// <summary>What each stream contributes to an epoch, derived from the weights that were given.</summary>
/// <remarks>Immutable and thread-safe. Mirrors <c>Stream.validate_weights</c> and <c>Stream.apply_weights</c>; unlike there, nothing is
/// written back, so a stream can serve several datasets.</remarks>
internal sealed class StreamWeights
{
    private StreamWeights(ImmutableArray<long> choose, ImmutableArray<double> repeat, ImmutableArray<double> proportion)
    {
        Choose = choose;
        Repeat = repeat;
        Proportion = proportion;
        EpochSize = choose.Sum();
    }

    /// <summary>Gets how many samples of each stream an epoch has.</summary>
    public ImmutableArray<long> Choose { get; }

    /// <summary>Gets how often an epoch goes through each stream.</summary>
    public ImmutableArray<double> Repeat { get; }

    /// <summary>Gets each stream's share of the epoch.</summary>
    public ImmutableArray<double> Proportion { get; }

    /// <summary>Gets the samples of an epoch over all streams.</summary>
    public long EpochSize { get; }

    /// <summary>Derives the contributions.</summary>
    /// <param name="options">The streams, the epoch size and the seed.</param>
    /// <returns>The contributions.</returns>
    /// <exception cref="ArgumentException">The weights are invalid or leave the epoch without samples.</exception>
    public static StreamWeights Derive(OrderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OrderOptionsValidation.Validate(options);
        var sizes = options.Streams.Select(static stream => stream.ShardSizes.Sum(static size => (long)size)).ToArray();
        var streams = options.Streams;
        var hasProportions = streams[0].Proportion is not null;
        var isUnspecified = streams.All(static stream => stream is { Proportion: null, Repeat: null, Choose: null });
        var weights = hasProportions || (isUnspecified && options.EpochSize is not null)
            ? DeriveRelative(options, sizes, hasProportions)
            : DeriveAbsolute(options, sizes);
        if (weights.EpochSize == 0)
        {
            throw new ArgumentException(
                $"The epoch has no samples: {streams.Length} streams with {sizes.Sum()} samples contribute none.", nameof(options));
        }

        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == 0 && weights.Choose[i] > 0)
            {
                throw new ArgumentException($"Stream {i} is to give {weights.Choose[i]} samples but has none.", nameof(options));
            }
        }

        return weights;
    }

    private static StreamWeights DeriveRelative(OrderOptions options, long[] sizes, bool hasProportions)
    {
        var epochSize = options.EpochSize ?? sizes.Sum();
        var relative = options.Streams.Select((stream, i) => hasProportions ? stream.Proportion!.Value : sizes[i]).ToArray();
        var total = PairwiseSum.Of(relative);
        if (total <= 0)
        {
            throw new ArgumentException("All streams have proportion 0, so none of them can give samples.", nameof(options));
        }

        var proportion = relative.Select(weight => weight / total).ToArray();
        var choose = proportion.Select(share => (long)(epochSize * share)).ToArray();
        var shortfall = epochSize - choose.Sum();
        if (shortfall < 0 || shortfall > choose.Length)
        {
            throw new ArgumentException(
                $"The epoch size {epochSize} cannot be divided by the proportions: the shares add up to {epochSize - shortfall}.",
                nameof(options));
        }

        var generator = new NumpyGenerator(options.ShuffleSeed);
        var luckyOnes = new long[shortfall];
        generator.Choice(choose.Length, luckyOnes);
        foreach (var stream in luckyOnes)
        {
            choose[stream]++;
        }

        return new StreamWeights([.. choose], Ratios(choose, sizes), [.. proportion]);
    }

    private static StreamWeights DeriveAbsolute(OrderOptions options, long[] sizes)
    {
        if (options.EpochSize is { } epochSize)
        {
            throw new ArgumentException(
                $"EpochSize is {epochSize}, but absolute weights (repeat, choose) fix the epoch size already. Use proportions, or leave "
                + "EpochSize out.",
                nameof(options));
        }

        var choose = new long[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            var stream = options.Streams[i];
            var count = stream.Repeat is { } repeat ? repeat * sizes[i] : stream.Choose ?? sizes[i];
            if (count > OrderOptionsValidation.LargestCount)
            {
                throw new ArgumentException($"Stream {i} would give more than {OrderOptionsValidation.LargestCount} samples.",
                    nameof(options));
            }

            choose[i] = (long)count;
        }

        var total = choose.Sum();
        return new StreamWeights([.. choose], Ratios(choose, sizes), [.. choose.Select(count => total == 0 ? 0 : (double)count / total)]);
    }

    private static ImmutableArray<double> Ratios(long[] choose, long[] sizes) =>
        [.. choose.Zip(sizes, static (count, size) => size == 0 ? 0 : (double)count / size)];
}
