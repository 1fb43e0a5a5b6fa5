// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Datasets;
using TorchStreaming.Loading;

namespace TorchStreaming;

/// <content>Samples by number: one, slices and lists.</content>
public sealed partial class StreamingDataset
{
    /// <summary>Leases a sample.</summary>
    /// <param name="index">Its number, from 0, or from the end if negative.</param>
    /// <returns>The sample, which the caller disposes.</returns>
    /// <inheritdoc cref="GetSampleAsync" path="/exception"/>
    public Sample this[long index] => GetSample(index);

    /// <summary>Selects neighboring samples, for example <c>dataset[10..20]</c> or <c>dataset[^5..]</c>.</summary>
    /// <param name="range">Their numbers, within the dataset; <see cref="Slice"/> takes ends that are outside, and steps.</param>
    /// <returns>The samples, lent as they are enumerated.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the dataset.</exception>
    public SampleSelection this[Range range] => Select(SampleNumbers.Range(range, Count, nameof(range)));

    /// <summary>Selects samples by their numbers, for example <c>dataset[3, 1, -1]</c>.</summary>
    /// <param name="indexes">The numbers in the order wanted, from 0, or from the end if negative; doubles are read twice.</param>
    /// <returns>The samples, lent as they are enumerated.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public SampleSelection this[params ReadOnlySpan<long> indexes] => Select(SampleNumbers.List(indexes, Count, nameof(indexes)));

    /// <summary>Selects samples by their numbers.</summary>
    /// <param name="indexes">The numbers in the order wanted, from 0, or from the end if negative; copied.</param>
    /// <returns>The samples, lent as they are enumerated.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public SampleSelection this[IReadOnlyList<long> indexes]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(indexes);
            return Select(SampleNumbers.List(AsSpan(indexes), Count, nameof(indexes)));
        }
    }

    /// <summary>Selects every <paramref name="step"/>th sample between two numbers, as Python's slices do: ends that are outside the dataset
    ///  stand for its ends, and a negative step goes backwards.</summary>
    /// <param name="start">The first number, from the end if negative; <see langword="null"/> for the end that the walk begins at.</param>
    /// <param name="stop">The number before which the walk ends, from the end if negative; <see langword="null"/> to go to the
    /// end.</param>
    /// <param name="step">How far the numbers are apart; not 0.</param>
    /// <returns>The samples, lent as they are enumerated.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is 0.</exception>
    /// <remarks>Mirrors <c>dataset[start:stop:step]</c>, repaired: upstream's backward slices leave out what their missing ends stand
    /// for.</remarks>
    public SampleSelection Slice(long? start = null, long? stop = null, long step = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(step);
        return Select(SampleNumbers.Slice(start, stop, step, Count));
    }

    /// <summary>Leases a sample, blocking while its shard is fetched.</summary>
    /// <param name="index">Its number, from 0, or from the end if negative.</param>
    /// <returns>The sample, which the caller disposes.</returns>
    /// <inheritdoc cref="GetSampleAsync" path="/exception"/>
    public Sample GetSample(long index)
    {
        var sample = GetSampleAsync(index);
        return sample.IsCompletedSuccessfully ? sample.Result : sample.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Leases a sample; its shard is fetched if it is not resident.</summary>
    /// <param name="index">Its number, from 0, or from the end if negative.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sample, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="StorageException">The shard could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">The shard is damaged.</exception>
    /// <exception cref="CacheException">The local directory cannot be used.</exception>
    public ValueTask<Sample> GetSampleAsync(long index, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var id = SampleNumbers.Resolve(index, Count, nameof(index));
        return Sample.LeaseAsync(_shards, id, _shards.Spanner.Find(id), cancellationToken);
    }

    /// <summary>Begins to lease samples in an order.</summary>
    internal ShardWindow OpenWindow(SampleNumbers numbers, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ShardWindow(_shards, numbers, _cacheBudget is not null, cancellationToken);
    }

    private static ReadOnlySpan<long> AsSpan(IReadOnlyList<long> indexes) => indexes switch
    {
        long[] array => array,
        List<long> list => CollectionsMarshal.AsSpan(list),
        _ => indexes.ToArray(),
    };

    private SampleSelection Select(SampleNumbers numbers)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new SampleSelection(this, numbers);
    }
}
