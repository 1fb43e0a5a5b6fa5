// SPDX-License-Identifier: MIT

using System.Collections;
using TorchStreaming.Ordering;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Puts samples of different sizes into batches of limited size in bytes.</summary>
/// <remarks>Each enumeration is an epoch. Samples without bytes are left out, and so are those larger than a batch, unless they are allowed:
/// then each is a batch of its own, given at once, while the batch that was being filled continues. Not thread-safe. Mirrors
/// <c>aistore.pytorch.DynamicBatchSampler</c>, whose length is that of <see cref="SampleCount"/>.</remarks>
public sealed class DynamicBatchSampler : IEnumerable<IReadOnlyList<long>>
{
    private readonly IReadOnlyList<AISObject> _dataSource;
    private readonly bool _dropLast;
    private readonly bool _allowOversizedSamples;
    private readonly double _saturationFactor;
    private readonly bool _shuffle;
    private readonly ulong _seed;
    private long _epoch;

    /// <summary>Creates the sampler.</summary>
    /// <param name="dataSource">The objects of the dataset, for example <c>AISMapDataset.Objects</c>; a sample's number is its object's place.</param>
    /// <param name="maxBatchSize">The bytes of a batch at most.</param>
    /// <param name="dropLast">Whether the last batch is left out unless it is full enough.</param>
    /// <param name="allowOversizedSamples">Whether a sample that is larger than a batch is one by itself.</param>
    /// <param name="saturationFactor">How full, from 0 to 1, the last batch must be more than to be kept.</param>
    /// <param name="shuffle">Whether samples come in another order in each epoch.</param>
    /// <param name="seed">The seed of the shuffle.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or the factor not from 0 to 1.</exception>
    public DynamicBatchSampler(
        IReadOnlyList<AISObject> dataSource,
        long maxBatchSize,
        bool dropLast = false,
        bool allowOversizedSamples = false,
        double saturationFactor = 0.8,
        bool shuffle = false,
        ulong seed = 9176)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatchSize, 1);
        if (!(saturationFactor >= 0 && saturationFactor <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(saturationFactor), saturationFactor, "The saturation factor is from 0 to 1.");
        }

        _dataSource = dataSource;
        MaxBatchSize = maxBatchSize;
        _dropLast = dropLast;
        _allowOversizedSamples = allowOversizedSamples;
        _saturationFactor = saturationFactor;
        _shuffle = shuffle;
        _seed = seed;
    }

    /// <summary>Gets the bytes of a batch at most.</summary>
    public long MaxBatchSize { get; }

    /// <summary>Gets the number of samples, those that are left out included; batches are counted by going through them.</summary>
    public long SampleCount => _dataSource.Count;

    /// <inheritdoc/>
    public IEnumerator<IReadOnlyList<long>> GetEnumerator()
    {
        var pending = new List<long>();
        var size = 0L;
        foreach (var index in Order())
        {
            var next = _dataSource[(int)index].Size;
            if (next <= 0 || (next > MaxBatchSize && !_allowOversizedSamples))
            {
                continue;
            }

            if (next > MaxBatchSize)
            {
                yield return [index];
                continue;
            }

            if (size + next > MaxBatchSize)
            {
                yield return pending;
                (pending, size) = ([], 0);
            }

            pending.Add(index);
            size += next;
            if (size == MaxBatchSize)
            {
                yield return pending;
                (pending, size) = ([], 0);
            }
        }

        if (pending.Count > 0 && (!_dropLast || (double)size / MaxBatchSize > _saturationFactor))
        {
            yield return pending;
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long[] Order()
    {
        var order = new long[_dataSource.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (_shuffle)
        {
            var generator = new NumpyGenerator(unchecked(_seed + (ulong)_epoch++));
            generator.Shuffle(order.AsSpan());
        }

        return order;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Batches of up to {new ByteSize(MaxBatchSize)}{(_shuffle ? $", shuffled with seed {_seed}" : "")}";
}
