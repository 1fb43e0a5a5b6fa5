// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>The element types of stored arrays; the numbers are the bytes of the format.</summary>
public enum NdArrayDType : byte
{
    /// <summary>Unsigned 8-bit integers.</summary>
    UInt8 = 8,

    /// <summary>Signed 8-bit integers.</summary>
    Int8 = 9,

    /// <summary>Unsigned 16-bit integers.</summary>
    UInt16 = 16,

    /// <summary>Signed 16-bit integers.</summary>
    Int16 = 17,

    /// <summary>IEEE half precision.</summary>
    Float16 = 18,

    /// <summary>Unsigned 32-bit integers.</summary>
    UInt32 = 32,

    /// <summary>Signed 32-bit integers.</summary>
    Int32 = 33,

    /// <summary>IEEE single precision.</summary>
    Float32 = 34,

    /// <summary>Unsigned 64-bit integers.</summary>
    UInt64 = 64,

    /// <summary>Signed 64-bit integers.</summary>
    Int64 = 65,

    /// <summary>IEEE double precision.</summary>
    Float64 = 66,
}
