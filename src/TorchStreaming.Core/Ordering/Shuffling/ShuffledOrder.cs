// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The samples of an epoch in shuffled order, produced while they are read. Thread-safe; readers are not.</summary>
/// <remarks>Mirrors <c>streaming.base.shuffle.get_shuffle</c>, which returns the whole order as an array.</remarks>
internal abstract class ShuffledOrder
{
    private const double SmallestBlock = 0.75;
    private const double LargestBlock = 1.25;

    /// <summary>Prepares the order of the samples of all streams, or of one. They are drawn when it is first read.</summary>
    /// <param name="request">The epoch.</param>
    /// <param name="stream">The one stream, or <see langword="null"/> for all of them.</param>
    /// <param name="window">How it will be read.</param>
    /// <exception cref="ArgumentException">The samples cannot be shuffled as asked.</exception>
    public static Lazy<ShuffledOrder> Prepare(OrderRequest request, int? stream, ReadWindow window)
    {
        // A stream by itself is shuffled in blocks as large as its share of the whole.
        var (sampleCount, blockSize) = stream is { } one
            ? (request.Weights.Choose[one], (long)(request.BlockSize * request.Weights.Proportion[one]))
            : (request.Weights.EpochSize, request.BlockSize);
        var algorithm = request.Options.Shuffle ? request.Options.ShuffleAlgorithm : (ShuffleAlgorithm?)null;
        var settings = new ShuffleSettings(
            algorithm, request.State.NumCanonicalNodes, request.State.ShuffleSeed, request.EpochSeed, blockSize, window);
        Validate(settings, sampleCount);
        return new Lazy<ShuffledOrder>(() => algorithm == ShuffleAlgorithm.Indexed
            ? new IndexedOrder(settings, request, stream)
            : Create(settings, SampleUnits.Draw(request, stream)));
    }

    /// <summary>Prepares an order.</summary>
    /// <param name="settings">The algorithm and its arguments.</param>
    /// <param name="units">The samples.</param>
    /// <exception cref="ArgumentException">The arguments do not fit each other.</exception>
    public static ShuffledOrder Create(ShuffleSettings settings, SampleUnits units) => settings.Algorithm switch
    {
        null => new UnshuffledOrder(settings, units),
        ShuffleAlgorithm.Naive => new NaiveOrder(settings, units),
        ShuffleAlgorithm.Py1S => new Py1SOrder(settings, units),
        ShuffleAlgorithm.Py2S => new Py2SOrder(settings, units),
        ShuffleAlgorithm.Py1B => new BlockOrder(settings, units, isStaggered: false),
        ShuffleAlgorithm.Py1BR => new BlockOrder(settings, units, isStaggered: true),
        ShuffleAlgorithm.Py1E => new Py1EOrder(settings, units),
        _ => throw new NotSupportedException($"The shuffle algorithm {settings.Algorithm} does not work on drawn samples."),
    };

    /// <summary>Checks that an order of so many samples can be made, without making it.</summary>
    /// <exception cref="ArgumentException">The arguments do not fit each other; the message shows them.</exception>
    public static void Validate(ShuffleSettings settings, long sampleCount)
    {
        switch (settings.Algorithm)
        {
            case ShuffleAlgorithm.Py1E when sampleCount < settings.CanonicalNodes:
                throw new ArgumentException(
                    $"py1e needs at least one sample for every canonical node, but there are {sampleCount} samples and "
                    + $"{settings.CanonicalNodes} canonical nodes. Lower NumCanonicalNodes, or check the index.");
            case ShuffleAlgorithm.Py1BR when GetBlockRange(settings.BlockSize).Low < 1:
                throw BlockTooSmall(settings, 2);
            case ShuffleAlgorithm.Py1E or ShuffleAlgorithm.Py1B when settings.BlockSize < 1:
                throw BlockTooSmall(settings, 1);
            case ShuffleAlgorithm.Naive when sampleCount > Array.MaxLength:
                throw new ArgumentException(
                    $"naive shuffles all samples in memory and can take {Array.MaxLength} of them, but there are {sampleCount}. Use "
                    + "another algorithm.");
        }
    }

    /// <summary>Opens a reader.</summary>
    public abstract ShuffleReader OpenReader();

    /// <summary>Gets the range from which lengths of blocks are drawn, the upper end not included.</summary>
    protected static (long Low, long High) GetBlockRange(long blockSize) =>
        ((long)(blockSize * SmallestBlock), (long)(blockSize * LargestBlock));

    private static ArgumentException BlockTooSmall(ShuffleSettings settings, int least) => new(
        $"The shuffle block size is {settings.BlockSize}, but {settings.Algorithm!.Value.ToName()} needs at least {least}. "
        + "Raise ShuffleBlockSize, or the proportion of streams with a small one.");
}
