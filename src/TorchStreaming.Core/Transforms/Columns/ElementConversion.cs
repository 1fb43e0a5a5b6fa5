// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchStreaming.Transforms;

/// <summary>Converts stored elements to elements of a batch.</summary>
/// <param name="source">The stored elements, little-endian.</param>
/// <param name="destination">As many elements of the batch's type.</param>
/// <exception cref="OverflowException">An element does not fit.</exception>
internal delegate void ElementConverter(ReadOnlySpan<byte> source, Span<byte> destination);

/// <summary>Finds conversions. The delegates are made once.</summary>
internal static class ElementConversion
{
    private static readonly ElementConverter?[,] Converters = Make();

    /// <summary>Finds the conversion; <see langword="null"/> when there is none: floating-point numbers never become integers.</summary>
    public static ElementConverter? Find(NumberEncoding from, ElementType to) => Converters[(int)from, (int)to];

    private static ElementConverter?[,] Make()
    {
        var converters = new ElementConverter?[(int)NumberEncoding.FloatText + 1, (int)ElementType.Bool + 1];
        AddInteger<sbyte>(converters, NumberEncoding.Int8);
        AddInteger<short>(converters, NumberEncoding.Int16);
        AddInteger<int>(converters, NumberEncoding.Int32);
        AddInteger<long>(converters, NumberEncoding.Int64);
        AddInteger<byte>(converters, NumberEncoding.UInt8);
        AddInteger<ushort>(converters, NumberEncoding.UInt16);
        AddInteger<uint>(converters, NumberEncoding.UInt32);
        AddInteger<ulong>(converters, NumberEncoding.UInt64);
        AddFloat<Half>(converters, NumberEncoding.Float16);
        AddFloat<float>(converters, NumberEncoding.Float32);
        AddFloat<double>(converters, NumberEncoding.Float64);
        return converters;
    }

    private static void AddInteger<TSource>(ElementConverter?[,] converters, NumberEncoding from)
        where TSource : unmanaged, INumberBase<TSource>
    {
        Add<TSource, byte>(converters, from, ElementType.UInt8);
        Add<TSource, sbyte>(converters, from, ElementType.Int8);
        Add<TSource, short>(converters, from, ElementType.Int16);
        Add<TSource, int>(converters, from, ElementType.Int32);
        Add<TSource, long>(converters, from, ElementType.Int64);
        AddFloat<TSource>(converters, from);
        converters[(int)from, (int)ElementType.Bool] = ToBool<TSource>;
    }

    private static void AddFloat<TSource>(ElementConverter?[,] converters, NumberEncoding from)
        where TSource : unmanaged, INumberBase<TSource>
    {
        Add<TSource, Half>(converters, from, ElementType.Float16);
        Add<TSource, float>(converters, from, ElementType.Float32);
        Add<TSource, double>(converters, from, ElementType.Float64);
    }

    private static void Add<TSource, TTarget>(ElementConverter?[,] converters, NumberEncoding from, ElementType to)
        where TSource : unmanaged, INumberBase<TSource>
        where TTarget : unmanaged, INumberBase<TTarget> =>
        converters[(int)from, (int)to] = typeof(TSource) == typeof(TTarget) ? Copy : Convert<TSource, TTarget>;

    private static void Copy(ReadOnlySpan<byte> source, Span<byte> destination) => source.CopyTo(destination);

    private static void Convert<TSource, TTarget>(ReadOnlySpan<byte> source, Span<byte> destination)
        where TSource : unmanaged, INumberBase<TSource>
        where TTarget : unmanaged, INumberBase<TTarget>
    {
        var from = MemoryMarshal.Cast<byte, TSource>(source);
        var to = MemoryMarshal.Cast<byte, TTarget>(destination)[..from.Length];
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = TTarget.CreateChecked(from[i]);
        }
    }

    private static void ToBool<TSource>(ReadOnlySpan<byte> source, Span<byte> destination)
        where TSource : unmanaged, INumberBase<TSource>
    {
        var from = MemoryMarshal.Cast<byte, TSource>(source);
        for (var i = 0; i < from.Length; i++)
        {
            destination[i] = TSource.IsZero(from[i]) ? (byte)0 : (byte)1;
        }
    }
}
