// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Diagnostics;

namespace TorchStreaming;

/// <summary>A dataset whose samples are values of a type: <c>schema.Read(dataset)</c>.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <remarks>A view: it holds nothing of its own, and the dataset is disposed by whoever opened it. Thread-safe.</remarks>
public sealed class RecordDataset<T>
{
    private readonly StreamingDataset _dataset;
    private readonly RecordSchema<T> _schema;

    internal RecordDataset(StreamingDataset dataset, RecordSchema<T> schema)
    {
        foreach (var columns in dataset.Schemas)
        {
            schema.Validate(columns);
        }

        _dataset = dataset;
        _schema = schema;
    }

    /// <summary>Gets the number of samples.</summary>
    public long Count => _dataset.Count;

    /// <summary>Reads a value.</summary>
    /// <param name="index">Its number, from 0, or from the end if negative.</param>
    /// <returns>The value.</returns>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public T this[long index]
    {
        get
        {
            using var sample = _dataset[index];
            return _schema.ReadSample(sample);
        }
    }

    /// <summary>Reads neighboring values as they are enumerated.</summary>
    /// <param name="range">Their numbers, within the dataset.</param>
    /// <returns>The values.</returns>
    /// <inheritdoc cref="StreamingDataset.this[Range]" path="/exception"/>
    public IEnumerable<T> this[Range range] => Read(_dataset[range]);

    /// <summary>Reads values by their numbers as they are enumerated.</summary>
    /// <param name="indexes">The numbers in the order wanted, from 0, or from the end if negative.</param>
    /// <returns>The values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public IEnumerable<T> this[params ReadOnlySpan<long> indexes] => Read(_dataset[indexes]);

    /// <summary>Reads a value; its shard is fetched if it is not resident.</summary>
    /// <param name="index">Its number, from 0, or from the end if negative.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value.</returns>
    /// <inheritdoc cref="StreamingDataset.GetSampleAsync" path="/exception"/>
    /// <exception cref="SampleDecodeException">The sample's bytes are not values of its columns' encodings.</exception>
    public async ValueTask<T> GetAsync(long index, CancellationToken cancellationToken = default)
    {
        using var sample = await _dataset.GetSampleAsync(index, cancellationToken).ConfigureAwait(false);
        return _schema.ReadSample(sample);
    }

    /// <summary>Reads the values of a selection as they are enumerated.</summary>
    /// <param name="samples">Which samples, for example a slice of the dataset.</param>
    /// <returns>The values, in the order of the selection.</returns>
    public IEnumerable<T> Read(SampleSelection samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return samples.Select(sample =>
        {
            using (sample)
            {
                return _schema.ReadSample(sample);
            }
        });
    }

    /// <summary>Reads the values of a selection as they are enumerated.</summary>
    /// <param name="samples">Which samples, for example a slice of the dataset.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The values, in the order of the selection.</returns>
    public async IAsyncEnumerable<T> ReadAsync(
        SampleSelection samples, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        await foreach (var sample in samples.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            T record;
            using (sample)
            {
                record = _schema.ReadSample(sample);
            }

            yield return record;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Counted.Of(Count, "sample")} read as {typeof(T).Name}: {_schema}";
}
