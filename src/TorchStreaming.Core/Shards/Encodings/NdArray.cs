// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>An array with its own memory: element type, shape and values in C order.</summary>
public sealed class NdArray
{
    /// <summary>Creates an array.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The dimensions, each 1 or more.</param>
    /// <param name="bytes">The values in C order, little-endian.</param>
    /// <exception cref="ArgumentException">The shape and the number of bytes do not fit each other.</exception>
    public NdArray(NdArrayDType dtype, ImmutableArray<long> shape, ReadOnlyMemory<byte> bytes)
    {
        _ = new NdArrayView(dtype, shape.AsSpan(), bytes.Span);
        DType = dtype;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Gets the element type.</summary>
    public NdArrayDType DType { get; }

    /// <summary>Gets the dimensions.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Gets the values in C order, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Copies values into an array.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values in C order.</param>
    /// <param name="shape">The dimensions, each 1 or more; none for one dimension.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentException">Arrays of this type cannot be stored, or shape and values do not fit each other.</exception>
    public static NdArray Create<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged =>
        new(NdArrayDTypes.Of<T>(), shape.IsEmpty ? [values.Length] : [.. shape], MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Gets a view of the array.</summary>
    /// <returns>The view.</returns>
    public NdArrayView AsView() => new(DType, MemoryMarshal.AsBytes(Shape.AsSpan()), sizeof(long), Bytes.Span);

    /// <summary>Gets the values.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <returns>The values in C order.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => AsView().AsSpan<T>();

    /// <inheritdoc/>
    public override string ToString() => AsView().ToString();
}
