// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The type of the numbers of a batch column; TorchSharp's <c>ScalarType</c> has the same members.</summary>
public enum ElementType : byte
{
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,

    /// <summary>Signed 8-bit integer.</summary>
    Int8,

    /// <summary>Signed 16-bit integer.</summary>
    Int16,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of an IEEE single.</summary>
    BFloat16,

    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE double precision.</summary>
    Float64,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}
