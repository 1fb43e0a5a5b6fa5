// SPDX-License-Identifier: MIT

using System.Collections;
using System.Runtime.CompilerServices;
using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>Several samples of a dataset, in the order in which they were asked for: a slice or a list of numbers. They are leased one by
/// one as they are enumerated.</summary>
/// <remarks>
/// <para>Each sample is the caller's to dispose. The shards of the next samples are fetched while earlier ones are read, each shard once for
/// all of its samples that are near each other; at most four shards are held beside those of the samples in the caller's hands, and one
/// under a cache limit. There, dispose a sample before the next one is asked for, since its shard cannot make room.</para>
/// <para>Immutable and thread-safe; each enumeration is its own. Mirrors what <c>streaming.StreamingDataset.__getitem__</c> returns for
/// slices and lists, without reading all of it at once.</para>
/// </remarks>
public sealed class SampleSelection : IEnumerable<Sample>
{
    private readonly StreamingDataset _dataset;
    private readonly SampleNumbers _numbers;

    internal SampleSelection(StreamingDataset dataset, SampleNumbers numbers)
    {
        _dataset = dataset;
        _numbers = numbers;
    }

    /// <summary>Gets the number of samples.</summary>
    public long Count => _numbers.Count;

    /// <summary>Gets which sample is at a place.</summary>
    /// <param name="place">The place in the selection, from 0.</param>
    /// <returns>The sample's number in the whole dataset.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public long GetId(long place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
        return _numbers[place];
    }

    /// <summary>Leases the samples one by one.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The samples, each of which the caller disposes.</returns>
    /// <inheritdoc cref="StreamingDataset.GetSampleAsync" path="/exception"/>
    public async IAsyncEnumerable<Sample> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var window = _dataset.OpenWindow(_numbers, cancellationToken);
        await using (window.ConfigureAwait(false))
        {
            while (await window.ReadNextAsync().ConfigureAwait(false) is { } sample)
            {
                yield return sample;
            }
        }
    }

    /// <summary>Leases the samples one by one, blocking while shards are fetched.</summary>
    /// <returns>The samples, each of which the caller disposes.</returns>
    public IEnumerator<Sample> GetEnumerator()
    {
        var window = _dataset.OpenWindow(_numbers, CancellationToken.None);
        try
        {
            while (Wait(window.ReadNextAsync()) is { } sample)
            {
                yield return sample;
            }
        }
        finally
        {
            window.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() =>
        $"A selection of {Counted.Of(Count, "sample")}";

    private static Sample? Wait(ValueTask<Sample?> sample) =>
        sample.IsCompletedSuccessfully ? sample.Result : sample.AsTask().GetAwaiter().GetResult();
}
