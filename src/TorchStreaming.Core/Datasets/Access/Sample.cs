// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Numerics.Tensors;
using TorchStreaming.Caching;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>One encoded sample, lent from its mapped shard: nothing is copied. Dispose it to let the shard go.</summary>
/// <remarks>Spans are loans that end with <see cref="Dispose"/>. Thread-safe for reads; disposal must not race with them.</remarks>
public sealed class Sample : IDisposable
{
    private readonly FieldRange[] _ranges;
    private readonly ShardReader _reader;
    private readonly int _index;
    private readonly DatasetShards _shards;
    private readonly int _shard;
    private ShardLease? _lease;

    private Sample(long id, ShardLease lease, ShardPosition place, DatasetShards shards)
    {
        Id = id;
        _lease = lease;
        _reader = lease.Reader;
        (_shard, _index) = place;
        _shards = shards;
        _ranges = new FieldRange[_reader.Schema.Columns.Length];
        _ = _reader.GetSample(_index, _ranges);
    }

    /// <summary>Gets the sample's number in the whole dataset.</summary>
    public long Id { get; }

    /// <summary>Gets whether the sample was given back.</summary>
    public bool IsReleased => _lease is null;

    /// <summary>Gets the columns.</summary>
    public ImmutableArray<ShardColumn> Columns => _reader.Schema.Columns;

    /// <summary>Gets the sample as transforms take it, a loan.</summary>
    /// <exception cref="ObjectDisposedException">The sample was given back.</exception>
    public SampleFields Fields
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsReleased, this);
            return new SampleFields(_reader.Schema, _reader.GetSampleBytes(_index), _ranges);
        }
    }

    /// <summary>Gets the encoded bytes of a column, a loan.</summary>
    /// <param name="column">The column's name.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="ObjectDisposedException">The sample was given back.</exception>
    public ReadOnlySpan<byte> Bytes(string column) => Fields[IndexOf(column)];

    /// <summary>Decodes a column.</summary>
    /// <typeparam name="T">The type of the encoding's values, for example <see cref="long"/> for <c>int</c>, <see cref="string"/> for
    /// <c>str</c>, <see cref="NdArrayView"/> for <c>ndarray</c>. A view is a loan.</typeparam>
    /// <param name="column">The column's name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">There is no such column, or its values are of another type.</exception>
    /// <exception cref="SampleDecodeException">The bytes are not a value of the column's encoding.</exception>
    /// <exception cref="ObjectDisposedException">The sample was given back.</exception>
    public T Get<T>(string column)
        where T : allows ref struct
    {
        var place = IndexOf(column);
        var encoding = FieldEncodings.ForColumn(_reader.Schema, place).As<T>();
        try
        {
            return encoding.Read(Fields[place]);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(place, exception);
        }
    }

    /// <summary>Gets the elements of an <c>ndarray</c> column in C order, a loan: nothing is copied, and they need not be aligned.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="column">The column's name.</param>
    /// <returns>The elements.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    /// <inheritdoc cref="Get{T}" path="/exception"/>
    public ReadOnlySpan<T> GetSpan<T>(string column)
        where T : unmanaged => Get<NdArrayView>(column).AsSpan<T>();

    /// <summary>Gets an <c>ndarray</c> column with its shape, a loan: nothing is copied.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="column">The column's name.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    /// <inheritdoc cref="Get{T}" path="/exception"/>
    public ReadOnlyTensorSpan<T> GetTensorSpan<T>(string column)
        where T : unmanaged => Get<NdArrayView>(column).AsTensorSpan<T>();

    /// <summary>Decodes a column as an object that owns its memory, for tools.</summary>
    /// <param name="column">The column's name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="NotSupportedException">The encoding is not safe to read.</exception>
    /// <exception cref="SampleDecodeException">The bytes are not a value of the column's encoding.</exception>
    /// <exception cref="ObjectDisposedException">The sample was given back.</exception>
    public object? GetObject(string column)
    {
        var place = IndexOf(column);
        try
        {
            return FieldEncodings.ForColumn(_reader.Schema, place).ReadObject(Fields[place]);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(place, exception);
        }
    }

    /// <summary>Ends the loan. Further calls do nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _lease, null)?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => IsReleased
        ? $"Sample {Id}, given back"
        : $"Sample {Id}: {string.Join(", ", Columns.Select((column, i) => $"{column.Name} ({column.Encoding}, {Counted.Of(_ranges[i].Length, "byte")})"))}";

    /// <summary>Leases a sample.</summary>
    internal static async ValueTask<Sample> LeaseAsync(
        DatasetShards shards, long id, ShardPosition place, CancellationToken cancellationToken)
    {
        var (cache, number) = shards.Resolve(place.Shard);
        var lease = await cache.LeaseAsync(number, cancellationToken).ConfigureAwait(false);
        try
        {
            return new Sample(id, lease, place, shards);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private int IndexOf(string column)
    {
        var place = _reader.Schema.IndexOf(column);
        return place >= 0 ? place : throw new ArgumentException(
            $"The sample has no column '{column}'; it has {string.Join(", ", Columns.Select(static known => $"'{known.Name}'"))}.",
            nameof(column));
    }

    private SampleDecodeException Damaged(int column, Exception exception) =>
        new(new ShardLocation(_shards.Describe(_shard), Sample: _index, Column: Columns[column].Name), Id, exception.Message, exception);
}
