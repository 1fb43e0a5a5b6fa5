// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>An array as it is in memory: element type, shape and values in C order. Nothing is copied; the view lives as long as its
/// memory.</summary>
public readonly ref struct NdArrayView
{
    private readonly ReadOnlySpan<byte> _shape;
    private readonly int _dimensionSize;

    /// <summary>Creates a view of values.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The dimensions, each 1 or more.</param>
    /// <param name="bytes">The values in C order, little-endian.</param>
    /// <exception cref="ArgumentException">The shape and the number of bytes do not fit each other.</exception>
    public NdArrayView(NdArrayDType dtype, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
        : this(dtype, MemoryMarshal.AsBytes(shape), sizeof(long), bytes)
    {
        if (!NdArrayDTypes.IsDefined((byte)dtype))
        {
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "There is no such element type.");
        }

        if (!NdArrayShape.TryGetByteCount(shape, dtype, out var count) || count != bytes.Length)
        {
            throw new ArgumentException(
                $"An array of shape [{string.Join(", ", shape.ToArray())}] of {dtype.NumPyName()} does not have {bytes.Length} bytes.",
                nameof(shape));
        }
    }

    /// <summary>Creates a view of parts that are known to fit each other.</summary>
    internal NdArrayView(NdArrayDType dtype, ReadOnlySpan<byte> shape, int dimensionSize, ReadOnlySpan<byte> bytes)
    {
        DType = dtype;
        _shape = shape;
        _dimensionSize = dimensionSize;
        Bytes = bytes;
    }

    /// <summary>Gets the element type.</summary>
    public NdArrayDType DType { get; }

    /// <summary>Gets the number of dimensions.</summary>
    public int Rank => _dimensionSize == 0 ? 0 : _shape.Length / _dimensionSize;

    /// <summary>Gets the number of elements.</summary>
    public int Count => Bytes.Length / DType.SizeInBytes();

    /// <summary>Gets the values in C order, little-endian.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Creates a view of values.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values in C order.</param>
    /// <param name="shape">The dimensions, each 1 or more.</param>
    /// <returns>The view.</returns>
    /// <exception cref="ArgumentException">Arrays of this type cannot be stored, or shape and values do not fit each other.</exception>
    public static NdArrayView Create<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape)
        where T : unmanaged => new(NdArrayDTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values));

    /// <summary>Creates a view of a tensor.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">The tensor, its values lying densely one after the other.</param>
    /// <returns>The view, which lives as long as the tensor's memory.</returns>
    /// <exception cref="ArgumentException">Arrays of this type or shape cannot be stored, or the tensor is not dense.</exception>
    public static NdArrayView Create<T>(in ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged
    {
        Span<nint> starts = stackalloc nint[tensor.Rank];
        if (!tensor.IsDense || !tensor.TryGetSpan(starts, checked((int)tensor.FlattenedLength), out var values))
        {
            throw new ArgumentException("The tensor's values are not densely one after the other; copy it with ToDenseTensor.", nameof(tensor));
        }

        var shape = new long[tensor.Rank];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = tensor.Lengths[i];
        }

        return Create(values, shape);
    }

    /// <summary>Gets one dimension.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <returns>Its length.</returns>
    public long GetDimension(int index)
    {
        var bytes = _shape.Slice(index * _dimensionSize, _dimensionSize);
        return _dimensionSize switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
    }

    /// <summary>Copies the shape.</summary>
    /// <returns>The dimensions.</returns>
    public ImmutableArray<long> ToShape()
    {
        var shape = new long[Rank];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = GetDimension(i);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(shape);
    }

    /// <summary>Gets the values; they need not be aligned.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <returns>The values in C order.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => NdArrayDTypes.Of<T>() == DType
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"The array's elements are {DType.NumPyName()}, not {typeof(T).Name}.");

    /// <summary>Gets the values with their shape; they need not be aligned.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <returns>The array as the framework's tensors have it.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlyTensorSpan<T> AsTensorSpan<T>()
        where T : unmanaged
    {
        Span<nint> lengths = stackalloc nint[Rank];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = checked((nint)GetDimension(i));
        }

        return new ReadOnlyTensorSpan<T>(AsSpan<T>(), lengths);
    }

    /// <summary>Copies the array.</summary>
    /// <returns>The copy.</returns>
    public NdArray ToArray() => new(DType, ToShape(), Bytes.ToArray());

    /// <summary>Says type and shape, for example <c>ndarray of float32, 3×224×224</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"ndarray of {DType.NumPyName()}, {(Rank == 0 ? "one value" : ShapeText.Of(ToShape().AsSpan()))}";
}
