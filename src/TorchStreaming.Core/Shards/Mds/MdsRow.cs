// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>The sample that an <see cref="MdsWriter"/> writes next. Values are encoded at once, into their place in the shard when columns
/// are set in their order; nothing is boxed or allocated per sample.</summary>
/// <remarks>Not thread-safe. It belongs to its writer and is empty again after each write.</remarks>
public sealed class MdsRow
{
    private readonly MdsWriter _writer;
    private readonly ShardSchema _schema;
    private readonly FieldEncoding[] _encodings;
    private readonly FieldRange[] _ranges;
    private readonly int _headLength;
    private int _end;

    internal MdsRow(MdsWriter writer, ShardSchema schema)
    {
        _writer = writer;
        _schema = schema;
        _encodings = [.. schema.Columns.Select(static column => FieldEncodings.Get(column.Encoding))];
        _ranges = new FieldRange[_encodings.Length];
        _headLength = sizeof(uint) * schema.Columns.Count(static column => column.Size is null);
        Array.Fill(_ranges, new FieldRange(-1, 0));
    }

    /// <summary>Gets the columns in their order, by name.</summary>
    public ImmutableArray<ShardColumn> Columns => _schema.Columns;

    /// <summary>Sets a column.</summary>
    /// <typeparam name="T">The type of the encoding's values, for example <see cref="long"/> for <c>int</c>. Where that is a view, what owns its
    /// memory will do: a <see cref="NdArray"/>, a <see cref="PilImage"/>, an array of bytes, or a list of these.</typeparam>
    /// <param name="column">The column's place in <see cref="Columns"/>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The encoding has values of another type or cannot hold this one.</exception>
    public void Set<T>(int column, T value)
        where T : allows ref struct
    {
        var encoding = _encodings[column];
        var buffer = Begin();
        try
        {
            if (encoding is FieldEncoding<T> typed)
            {
                typed.Write(value, buffer);
            }
            else if (typeof(T).IsValueType)
            {
                encoding.As<T>();
            }
            else
            {
                // T is a class here, which a conversion cannot say of a parameter that may be a ref struct.
                encoding.WriteObject(Unsafe.As<T, object?>(ref value), buffer);
            }
        }
        catch (ArgumentException exception)
        {
            throw Misfit(column, exception);
        }

        End(column, buffer);
    }

    /// <summary>Sets a column.</summary>
    /// <typeparam name="T">The type of the encoding's values, for example <see cref="long"/> for <c>int</c>. Where that is a view, what owns its
    /// memory will do: a <see cref="NdArray"/>, a <see cref="PilImage"/>, an array of bytes, or a list of these.</typeparam>
    /// <param name="column">The column's name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">There is no such column, or its encoding has values of another type or cannot hold this
    /// one.</exception>
    public void Set<T>(string column, T value)
        where T : allows ref struct => Set(IndexOf(column), value);

    /// <summary>Sets a column to bytes that are encoded already, whatever its encoding.</summary>
    /// <param name="column">The column's place in <see cref="Columns"/>.</param>
    /// <param name="bytes">The encoded value.</param>
    public void SetBytes(int column, ReadOnlySpan<byte> bytes)
    {
        var buffer = Begin();
        buffer.Write(bytes);
        End(column, buffer);
    }

    /// <summary>Sets a column to bytes that are encoded already, whatever its encoding.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="bytes">The encoded value.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public void SetBytes(string column, ReadOnlySpan<byte> bytes) => SetBytes(IndexOf(column), bytes);

    /// <summary>Sets a column to any value that its encoding takes as an object.</summary>
    /// <param name="column">The column's place in <see cref="Columns"/>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The encoding cannot hold the value.</exception>
    public void SetObject(int column, object? value)
    {
        var buffer = Begin();
        try
        {
            _encodings[column].WriteObject(value, buffer);
        }
        catch (ArgumentException exception)
        {
            throw Misfit(column, exception);
        }

        End(column, buffer);
    }

    /// <summary>Forgets what was set.</summary>
    public void Clear()
    {
        _writer.SampleBuffer.TruncateSample(0);
        _end = 0;
        Array.Fill(_ranges, new FieldRange(-1, 0));
    }

    /// <inheritdoc/>
    public override string ToString() => $"Row of {_schema}";

    /// <summary>Puts the values in column order after their sizes.</summary>
    internal void Finish()
    {
        var buffer = Begin();
        var expected = _headLength;
        var inOrder = true;
        for (var i = 0; i < _ranges.Length; i++)
        {
            Check(i);
            inOrder &= _ranges[i].Offset == expected;
            expected += _ranges[i].Length;
        }

        if (!inOrder || expected != buffer.SampleLength)
        {
            Reorder(buffer, expected);
        }

        var head = buffer.Sample;
        var next = 0;
        for (var i = 0; i < _ranges.Length; i++)
        {
            if (_schema.Columns[i].Size is null)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(head[next..], (uint)_ranges[i].Length);
                next += sizeof(uint);
            }
        }

        _end = 0;
        Array.Fill(_ranges, new FieldRange(-1, 0));
    }

    private int IndexOf(string column)
    {
        var index = _schema.IndexOf(column);
        return index >= 0 ? index : throw new ArgumentException(
            $"There is no column '{column}'. The columns are {string.Join(", ", Columns.Select(static known => $"'{known.Name}'"))}.", nameof(column));
    }

    private ArgumentException Misfit(int column, ArgumentException exception)
    {
        var message = $"Column '{_schema.Columns[column].Name}': {exception.Message}";
        return exception is ArgumentOutOfRangeException
            ? new ArgumentOutOfRangeException(message, exception)
            : new ArgumentException(message, exception);
    }

    private ShardBuffer Begin()
    {
        var buffer = _writer.SampleBuffer;
        if (_end == 0)
        {
            buffer.TruncateSample(0);
            buffer.GetSpan(Math.Max(_headLength, 1));
            buffer.Advance(_headLength);
            _end = _headLength;
        }

        // What a failed encoder left behind is dropped.
        buffer.TruncateSample(_end);
        return buffer;
    }

    private void End(int column, ShardBuffer buffer)
    {
        _ranges[column] = new FieldRange(_end, buffer.SampleLength - _end);
        _end = buffer.SampleLength;
    }

    private void Check(int column)
    {
        var (name, encoding, size) = _schema.Columns[column];
        if (_ranges[column].Offset < 0)
        {
            throw new ArgumentException($"The sample has no value for the column '{name}'.");
        }

        if (size is { } wanted && _ranges[column].Length != wanted)
        {
            throw new ArgumentException(
                $"The value of the column '{name}' has {_ranges[column].Length} bytes; its encoding '{encoding}' has {wanted}.");
        }
    }

    private void Reorder(ShardBuffer buffer, int length)
    {
        var source = buffer.Sample;
        var ordered = ArrayPool<byte>.Shared.Rent(length);
        var offset = _headLength;
        foreach (var range in _ranges)
        {
            source.Slice(range.Offset, range.Length).CopyTo(ordered.AsSpan(offset));
            offset += range.Length;
        }

        ordered.AsSpan(_headLength, length - _headLength).CopyTo(source[_headLength..]);
        buffer.TruncateSample(length);
        ArrayPool<byte>.Shared.Return(ordered);
    }
}
