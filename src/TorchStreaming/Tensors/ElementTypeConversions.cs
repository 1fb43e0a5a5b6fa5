// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tensors;

/// <summary>Pairs the element types of the engine with those of tensors.</summary>
internal static class ElementTypeConversions
{
    /// <summary>Gets the tensor type with the same bits.</summary>
    /// <param name="type">The engine's type.</param>
    /// <returns>The tensor type.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static ScalarType ToScalarType(this ElementType type) => type switch
    {
        ElementType.UInt8 => ScalarType.Byte,
        ElementType.Int8 => ScalarType.Int8,
        ElementType.Int16 => ScalarType.Int16,
        ElementType.Int32 => ScalarType.Int32,
        ElementType.Int64 => ScalarType.Int64,
        ElementType.Float16 => ScalarType.Float16,
        ElementType.BFloat16 => ScalarType.BFloat16,
        ElementType.Float32 => ScalarType.Float32,
        ElementType.Float64 => ScalarType.Float64,
        ElementType.Bool => ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    /// <summary>Gets the engine's type with the same bits.</summary>
    /// <param name="type">The tensor type.</param>
    /// <returns>The engine's type.</returns>
    /// <exception cref="NotSupportedException">The engine has no such type: it is complex or quantized.</exception>
    public static ElementType ToElementType(this ScalarType type) => type switch
    {
        ScalarType.Byte => ElementType.UInt8,
        ScalarType.Int8 => ElementType.Int8,
        ScalarType.Int16 => ElementType.Int16,
        ScalarType.Int32 => ElementType.Int32,
        ScalarType.Int64 => ElementType.Int64,
        ScalarType.Float16 => ElementType.Float16,
        ScalarType.BFloat16 => ElementType.BFloat16,
        ScalarType.Float32 => ElementType.Float32,
        ScalarType.Float64 => ElementType.Float64,
        ScalarType.Bool => ElementType.Bool,
        _ => throw new NotSupportedException(
            $"Tensors of type {type} cannot be batched: only integers, Booleans and real floating-point numbers can."),
    };
}
