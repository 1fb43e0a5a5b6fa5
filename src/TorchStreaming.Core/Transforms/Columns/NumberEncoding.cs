// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Transforms;

/// <summary>How a number is stored.</summary>
internal enum NumberEncoding : byte
{
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float16,
    Float32,
    Float64,
    IntegerText,
    FloatText,
}

/// <summary>Facts about stored numbers.</summary>
internal static class NumberEncodings
{
    extension(NumberEncoding encoding)
    {
        /// <summary>Gets whether the numbers are floating-point.</summary>
        public bool IsFloatingPoint =>
            encoding is NumberEncoding.Float16 or NumberEncoding.Float32 or NumberEncoding.Float64 or NumberEncoding.FloatText;

        /// <summary>Gets the bytes of a stored number; 0 when they differ.</summary>
        public int Size => encoding switch
        {
            NumberEncoding.Int8 or NumberEncoding.UInt8 => 1,
            NumberEncoding.Int16 or NumberEncoding.UInt16 or NumberEncoding.Float16 => 2,
            NumberEncoding.Int32 or NumberEncoding.UInt32 or NumberEncoding.Float32 => 4,
            NumberEncoding.Int64 or NumberEncoding.UInt64 or NumberEncoding.Float64 => 8,
            _ => 0,
        };
    }

    /// <summary>Understands upstream's name of an encoding; <see langword="null"/> when it is not one of a number.</summary>
    public static NumberEncoding? Parse(string format, string encoding) => format is not ("mds" or "tar") ? null : encoding switch
    {
        "int" => NumberEncoding.Int64,
        "str_int" => NumberEncoding.IntegerText,
        "str_float" => NumberEncoding.FloatText,
        _ => NdArrayDTypes.Parse(encoding) is { } dtype ? Of(dtype) : null,
    };

    /// <summary>Gets how the elements of an array are stored.</summary>
    public static NumberEncoding Of(NdArrayDType dtype) => dtype switch
    {
        NdArrayDType.Int8 => NumberEncoding.Int8,
        NdArrayDType.Int16 => NumberEncoding.Int16,
        NdArrayDType.Int32 => NumberEncoding.Int32,
        NdArrayDType.Int64 => NumberEncoding.Int64,
        NdArrayDType.UInt8 => NumberEncoding.UInt8,
        NdArrayDType.UInt16 => NumberEncoding.UInt16,
        NdArrayDType.UInt32 => NumberEncoding.UInt32,
        NdArrayDType.UInt64 => NumberEncoding.UInt64,
        NdArrayDType.Float16 => NumberEncoding.Float16,
        NdArrayDType.Float32 => NumberEncoding.Float32,
        NdArrayDType.Float64 => NumberEncoding.Float64,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "There is no such element type."),
    };

    /// <summary>Gets the element type with the same bytes; <see langword="null"/> when there is none.</summary>
    public static ElementType? ToElementType(NumberEncoding encoding) => encoding switch
    {
        NumberEncoding.Int8 => ElementType.Int8,
        NumberEncoding.Int16 => ElementType.Int16,
        NumberEncoding.Int32 => ElementType.Int32,
        NumberEncoding.Int64 => ElementType.Int64,
        NumberEncoding.UInt8 => ElementType.UInt8,
        NumberEncoding.Float16 => ElementType.Float16,
        NumberEncoding.Float32 => ElementType.Float32,
        NumberEncoding.Float64 => ElementType.Float64,
        _ => null,
    };
}
