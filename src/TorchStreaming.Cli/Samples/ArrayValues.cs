// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>The elements of stored arrays as numbers, whatever their type.</summary>
internal static class ArrayValues
{
    private const int Shown = 6;
    private const double MostDigits = 1e15;

    /// <summary>Gets the elements in C order.</summary>
    public static double[] Read(NdArray array) => array.DType switch
    {
        NdArrayDType.UInt8 => Convert<byte>(array),
        NdArrayDType.Int8 => Convert<sbyte>(array),
        NdArrayDType.UInt16 => Convert<ushort>(array),
        NdArrayDType.Int16 => Convert<short>(array),
        NdArrayDType.Float16 => Convert<Half>(array),
        NdArrayDType.UInt32 => Convert<uint>(array),
        NdArrayDType.Int32 => Convert<int>(array),
        NdArrayDType.Float32 => Convert<float>(array),
        NdArrayDType.UInt64 => Convert<ulong>(array),
        NdArrayDType.Int64 => Convert<long>(array),
        NdArrayDType.Float64 => Convert<double>(array),
        _ => throw new NotSupportedException($"Elements of the type {array.DType} are not known."),
    };

    /// <summary>Renders type, shape and the first elements, for example <c>int32[50] 17 4 29 …</c>.</summary>
    public static string Describe(NdArray array)
    {
        var values = Read(array);
        var first = values.Take(Shown).Select(static value => value.ToString(double.IsInteger(value) && Math.Abs(value) < MostDigits ? "0" : "G4", CultureInfo.InvariantCulture));
        return $"{array.DType.NumPyName()}[{string.Join('x', array.Shape)}] {string.Join(' ', first)}{(values.Length > Shown ? " …" : "")}";
    }

    private static double[] Convert<T>(NdArray array)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var elements = array.AsSpan<T>();
        var values = new double[elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateChecked(elements[i]);
        }

        return values;
    }
}
