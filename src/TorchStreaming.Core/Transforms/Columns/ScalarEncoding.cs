// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Transforms;

/// <summary>How a number is stored.</summary>
internal enum ScalarEncoding : byte
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
internal static class ScalarEncodings
{
    extension(ScalarEncoding encoding)
    {
        /// <summary>Gets whether the numbers are floating-point.</summary>
        public bool IsFloatingPoint =>
            encoding is ScalarEncoding.Float16 or ScalarEncoding.Float32 or ScalarEncoding.Float64 or ScalarEncoding.FloatText;

        /// <summary>Gets the bytes of a stored number; 0 when they differ.</summary>
        public int Size => encoding switch
        {
            ScalarEncoding.Int8 or ScalarEncoding.UInt8 => 1,
            ScalarEncoding.Int16 or ScalarEncoding.UInt16 or ScalarEncoding.Float16 => 2,
            ScalarEncoding.Int32 or ScalarEncoding.UInt32 or ScalarEncoding.Float32 => 4,
            ScalarEncoding.Int64 or ScalarEncoding.UInt64 or ScalarEncoding.Float64 => 8,
            _ => 0,
        };
    }

    /// <summary>Understands upstream's name of an encoding; <see langword="null"/> when it is not one of a number.</summary>
    public static ScalarEncoding? Parse(string format, string encoding) => format is not ("mds" or "tar") ? null : encoding switch
    {
        "int" => ScalarEncoding.Int64,
        "str_int" => ScalarEncoding.IntegerText,
        "str_float" => ScalarEncoding.FloatText,
        _ => NdArrayDTypes.Parse(encoding) is { } dtype ? Of(dtype) : null,
    };

    /// <summary>Gets how the elements of an array are stored.</summary>
    public static ScalarEncoding Of(NdArrayDType dtype) => dtype switch
    {
        NdArrayDType.Int8 => ScalarEncoding.Int8,
        NdArrayDType.Int16 => ScalarEncoding.Int16,
        NdArrayDType.Int32 => ScalarEncoding.Int32,
        NdArrayDType.Int64 => ScalarEncoding.Int64,
        NdArrayDType.UInt8 => ScalarEncoding.UInt8,
        NdArrayDType.UInt16 => ScalarEncoding.UInt16,
        NdArrayDType.UInt32 => ScalarEncoding.UInt32,
        NdArrayDType.UInt64 => ScalarEncoding.UInt64,
        NdArrayDType.Float16 => ScalarEncoding.Float16,
        NdArrayDType.Float32 => ScalarEncoding.Float32,
        NdArrayDType.Float64 => ScalarEncoding.Float64,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "There is no such element type."),
    };

    /// <summary>Gets the element type with the same bytes; <see langword="null"/> when there is none.</summary>
    public static ElementType? ToElementType(ScalarEncoding encoding) => encoding switch
    {
        ScalarEncoding.Int8 => ElementType.Int8,
        ScalarEncoding.Int16 => ElementType.Int16,
        ScalarEncoding.Int32 => ElementType.Int32,
        ScalarEncoding.Int64 => ElementType.Int64,
        ScalarEncoding.UInt8 => ElementType.UInt8,
        ScalarEncoding.Float16 => ElementType.Float16,
        ScalarEncoding.Float32 => ElementType.Float32,
        ScalarEncoding.Float64 => ElementType.Float64,
        _ => null,
    };
}
