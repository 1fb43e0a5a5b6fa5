// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The shuffled samples of all streams, or of one, in an epoch. They are drawn when the first reader is opened. Thread-safe;
/// readers are not.</summary>
internal sealed class SampleSource
{
    private readonly Lazy<ShuffledOrder> _order;

    private SampleSource(EpochRequest request, int? stream, ShuffleSettings settings)
    {
        var sampleCount = stream is { } one ? request.Weights.Choose[one] : request.Weights.EpochSize;
        ShuffledOrder.Validate(settings, sampleCount);
        _order = new Lazy<ShuffledOrder>(() => settings.Algorithm == ShuffleAlgorithm.Indexed
            ? new IndexedOrder(settings, request, stream)
            : ShuffledOrder.Create(settings, EpochUnits.Draw(request, stream)));
    }

    /// <summary>Makes a source.</summary>
    /// <param name="request">The epoch.</param>
    /// <param name="stream">The one stream, or <see langword="null"/> for all of them.</param>
    /// <param name="window">How it will be read.</param>
    /// <exception cref="ArgumentException">The samples cannot be shuffled as asked.</exception>
    public static SampleSource Create(EpochRequest request, int? stream, ReadWindow window)
    {
        // A stream by itself is shuffled in blocks as large as its share of the whole.
        var blockSize = stream is { } one ? (long)(request.BlockSize * request.Weights.Proportion[one]) : request.BlockSize;
        var algorithm = request.Options.Shuffle ? request.Options.ShuffleAlgorithm : (ShuffleAlgorithm?)null;
        return new SampleSource(
            request,
            stream,
            new ShuffleSettings(algorithm, request.State.NumCanonicalNodes, request.State.ShuffleSeed, request.EpochSeed, blockSize,
                window));
    }

    /// <summary>Opens a reader.</summary>
    public SampleReader OpenReader() => _order.Value.OpenReader();
}
