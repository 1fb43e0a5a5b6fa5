// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TorchStreaming.Shards;

/// <summary>NumPy arrays: <c>ndarray</c> with element type and shape stored, <c>ndarray:DTYPE</c> with the shape stored,
/// <c>ndarray:DTYPE:SHAPE</c> with neither.</summary>
internal sealed class NdArrayEncoding : FieldEncoding<NdArrayView>
{
    private const string Family = "ndarray";

    public NdArrayEncoding(string name, NdArrayDType? dtype, ImmutableArray<long> shape)
        : base(name, SizeOf(dtype, shape))
    {
        DType = dtype;
        Shape = shape;
    }

    /// <summary>Gets the element type, if the name fixes it.</summary>
    public NdArrayDType? DType { get; }

    /// <summary>Gets the shape if the name fixes it, else an empty one.</summary>
    public ImmutableArray<long> Shape { get; }

    private bool HasShape => !Shape.IsEmpty;

    /// <summary>Reads a name with configuration.</summary>
    /// <returns>The encoding, or <see langword="null"/> when the name is none.</returns>
    public static NdArrayEncoding? TryParse(string name)
    {
        if (!name.StartsWith(Family + ":", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = name[(Family.Length + 1)..].Split(':');
        if (parts is [""])
        {
            return new NdArrayEncoding(name, null, []);
        }

        if (parts.Length > 2 || NdArrayDTypes.Parse(parts[0]) is not { } dtype)
        {
            return null;
        }

        var shape = parts.Length == 1 ? [] : ParseShape(parts[1]);
        return shape is { } known && (known.IsEmpty || NdArrayShape.TryGetByteCount(known.AsSpan(), dtype, out _))
            ? new NdArrayEncoding(name, dtype, known)
            : null;
    }

    /// <inheritdoc/>
    public override NdArrayView Read(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        var dtype = DType ?? ReadDType(ref rest);
        if (HasShape)
        {
            if (rest.Length != Size)
            {
                throw Damaged($"it has {rest.Length} bytes.");
            }

            return new NdArrayView(dtype, MemoryMarshal.AsBytes(Shape.AsSpan()), sizeof(long), rest);
        }

        var shape = ReadShape(ref rest, dtype, out var dimensionSize);
        return new NdArrayView(dtype, shape, dimensionSize, rest);
    }

    /// <inheritdoc/>
    public override void Write(NdArrayView value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Check(value);
        if (DType is null)
        {
            output.Write([(byte)value.DType]);
        }

        if (!HasShape)
        {
            WriteShape(value, output);
        }

        output.Write(value.Bytes);
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes).ToArray();

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        Write(value as NdArray is { } array ? array.AsView() : throw WrongType(value, "an NdArray"), output);

    private static int? SizeOf(NdArrayDType? dtype, ImmutableArray<long> shape) =>
        dtype is { } type && !shape.IsEmpty && NdArrayShape.TryGetByteCount(shape.AsSpan(), type, out var bytes) ? (int)bytes : null;

    private static ImmutableArray<long>? ParseShape(string text)
    {
        var shape = ImmutableArray.CreateBuilder<long>();
        const NumberStyles style = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        foreach (var part in text.Split(','))
        {
            if (!long.TryParse(part, style, CultureInfo.InvariantCulture, out var dimension))
            {
                return null;
            }

            shape.Add(dimension);
        }

        return shape.Count <= NdArrayShape.MaxRank ? shape.DrainToImmutable() : null;
    }

    private NdArrayDType ReadDType(scoped ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || !NdArrayDTypes.IsDefined(rest[0]))
        {
            throw Damaged(rest.IsEmpty ? "it is empty." : $"{rest[0]} is not an element type.");
        }

        var dtype = (NdArrayDType)rest[0];
        rest = rest[1..];
        return dtype;
    }

    private ReadOnlySpan<byte> ReadShape(scoped ref ReadOnlySpan<byte> rest, NdArrayDType dtype, out int dimensionSize)
    {
        var rank = rest.IsEmpty ? 0 : rest[0] >> 2;
        dimensionSize = rest.IsEmpty ? 1 : 1 << (rest[0] & 3);
        var length = rank * dimensionSize;
        if (rank == 0 || rest.Length < 1 + length)
        {
            throw Damaged(rank == 0 ? "it has no dimensions." : $"its shape of {rank} dimensions is cut off.");
        }

        var shape = rest.Slice(1, length);
        rest = rest[(1 + length)..];
        Span<long> dimensions = stackalloc long[NdArrayShape.MaxRank];
        var view = new NdArrayView(dtype, shape, dimensionSize, []);
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = view.GetDimension(i);
        }

        if (!NdArrayShape.TryGetByteCount(dimensions[..rank], dtype, out var bytes) || bytes != rest.Length)
        {
            throw Damaged($"its {rest.Length} bytes do not fit its shape.");
        }

        return shape;
    }

    private void Check(NdArrayView value)
    {
        if (DType is { } dtype && value.DType != dtype)
        {
            throw new ArgumentException(
                $"A column of encoding '{Name}' takes elements of {dtype.NumPyName()}, not {value.DType.NumPyName()}.", nameof(value));
        }

        if (value.Rank is 0 or > NdArrayShape.MaxRank || value.Bytes.IsEmpty)
        {
            throw new ArgumentException(
                $"An array must have 1 to {NdArrayShape.MaxRank} dimensions and at least one element to be stored.", nameof(value));
        }

        if (HasShape && !value.ToShape().AsSpan().SequenceEqual(Shape.AsSpan()))
        {
            throw new ArgumentException(
                $"A column of encoding '{Name}' does not take the shape [{string.Join(", ", value.ToShape())}].", nameof(value));
        }
    }

    private static void WriteShape(NdArrayView value, IBufferWriter<byte> output)
    {
        var largest = 0L;
        for (var i = 0; i < value.Rank; i++)
        {
            largest = Math.Max(largest, value.GetDimension(i));
        }

        var sizeCode = largest < 1L << 8 ? 0 : largest < 1L << 16 ? 1 : largest < 1L << 32 ? 2 : 3;
        var size = 1 << sizeCode;
        var bytes = output.GetSpan(1 + value.Rank * size);
        bytes[0] = (byte)((value.Rank << 2) | sizeCode);
        Span<byte> dimension = stackalloc byte[sizeof(long)];
        for (var i = 0; i < value.Rank; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(dimension, value.GetDimension(i));
            dimension[..size].CopyTo(bytes[(1 + i * size)..]);
        }

        output.Advance(1 + value.Rank * size);
    }
}
