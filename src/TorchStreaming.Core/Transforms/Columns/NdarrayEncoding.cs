// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace TorchStreaming.Transforms;

/// <summary>What an <c>ndarray</c> encoding string fixes; the rest stands in front of every value.</summary>
/// <param name="Dtype">The type of the elements, if it is fixed.</param>
/// <param name="Shape">The shape, if it is fixed; else the default.</param>
internal readonly record struct NdarrayEncoding(ScalarEncoding? Dtype, ImmutableArray<long> Shape)
{
    /// <summary>The most dimensions that a stored shape can have.</summary>
    public const int MaxRank = 63;

    private const string Name = "ndarray";

    /// <summary>Understands an encoding string.</summary>
    public static bool TryParse(string text, out NdarrayEncoding encoding)
    {
        encoding = default;
        var parts = text.Split(':');
        if (parts[0] != Name || parts.Length > 3)
        {
            return false;
        }

        if (parts.Length == 1 || (parts.Length == 2 && parts[1].Length == 0))
        {
            return true;
        }

        if (ScalarEncodings.ParseDtype(parts[1]) is not { } dtype)
        {
            return false;
        }

        ImmutableArray<long> shape = default;
        if (parts.Length == 3 && !TryParseShape(parts[2], out shape))
        {
            return false;
        }

        encoding = new NdarrayEncoding(dtype, shape);
        return true;
    }

    /// <summary>Tells whether a shape fits one in which -1 stands for any dimension.</summary>
    public static bool Fits(ReadOnlySpan<long> shape, ReadOnlySpan<long> pattern)
    {
        if (shape.Length != pattern.Length)
        {
            return false;
        }

        for (var i = 0; i < shape.Length; i++)
        {
            if (pattern[i] != -1 && pattern[i] != shape[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads what stands in front of a value.</summary>
    /// <param name="value">The encoded value.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="shape">Room for <see cref="MaxRank"/> dimensions.</param>
    /// <param name="rank">How many dimensions there are.</param>
    /// <returns>The elements, as many bytes as type and shape say.</returns>
    /// <exception cref="InvalidDataException">The value is damaged.</exception>
    public ReadOnlySpan<byte> ReadHeader(ReadOnlySpan<byte> value, out ScalarEncoding dtype, Span<long> shape, out int rank)
    {
        dtype = Dtype ?? FromCode(Take(ref value, 1)[0]);
        if (Shape.IsDefault)
        {
            rank = ReadShape(ref value, shape);
        }
        else
        {
            rank = Shape.Length;
            Shape.CopyTo(shape);
        }

        UInt128 size = (uint)dtype.Size;
        foreach (var dimension in shape[..rank])
        {
            // Bounded by the value's length at every step, so that the product cannot overflow.
            size *= (ulong)dimension;
            if (size > (UInt128)value.Length)
            {
                break;
            }
        }

        return size == (UInt128)value.Length
            ? value
            : throw new InvalidDataException($"The array has {value.Length} bytes, which is not what its type and shape take.");
    }

    private static int ReadShape(ref ReadOnlySpan<byte> value, Span<long> shape)
    {
        var head = Take(ref value, 1)[0];
        var (rank, width) = (head >> 2, 1 << (head & 3));
        if (rank == 0)
        {
            throw new InvalidDataException("The array has no dimensions.");
        }

        for (var i = 0; i < rank; i++)
        {
            var bytes = Take(ref value, width);
            var dimension = width switch
            {
                1 => bytes[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            };
            if (dimension is 0 or > long.MaxValue)
            {
                throw new InvalidDataException("The array has an impossible dimension.");
            }

            shape[i] = (long)dimension;
        }

        return rank;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> value, int length)
    {
        if (value.Length < length)
        {
            throw new InvalidDataException("The array's header is truncated.");
        }

        var taken = value[..length];
        value = value[length..];
        return taken;
    }

    private static ScalarEncoding FromCode(byte code) => code switch
    {
        8 => ScalarEncoding.UInt8,
        9 => ScalarEncoding.Int8,
        16 => ScalarEncoding.UInt16,
        17 => ScalarEncoding.Int16,
        18 => ScalarEncoding.Float16,
        32 => ScalarEncoding.UInt32,
        33 => ScalarEncoding.Int32,
        34 => ScalarEncoding.Float32,
        64 => ScalarEncoding.UInt64,
        65 => ScalarEncoding.Int64,
        66 => ScalarEncoding.Float64,
        _ => throw new InvalidDataException($"The array has type code {code}, which is not known."),
    };

    private static bool TryParseShape(string text, out ImmutableArray<long> shape)
    {
        shape = default;
        var parts = text.Split(',');
        var builder = ImmutableArray.CreateBuilder<long>(parts.Length);
        foreach (var part in parts)
        {
            if (!long.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var dimension) || dimension < 1)
            {
                return false;
            }

            builder.Add(dimension);
        }

        if (builder.Count > MaxRank)
        {
            return false;
        }

        shape = builder.DrainToImmutable();
        return true;
    }
}
