// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Facts about the element types of stored arrays.</summary>
internal static class NdArrayDTypes
{
    private static readonly ImmutableArray<(string Name, NdArrayDType Type, Type Clr)> All =
    [
        ("uint8", NdArrayDType.UInt8, typeof(byte)),
        ("int8", NdArrayDType.Int8, typeof(sbyte)),
        ("uint16", NdArrayDType.UInt16, typeof(ushort)),
        ("int16", NdArrayDType.Int16, typeof(short)),
        ("float16", NdArrayDType.Float16, typeof(Half)),
        ("uint32", NdArrayDType.UInt32, typeof(uint)),
        ("int32", NdArrayDType.Int32, typeof(int)),
        ("float32", NdArrayDType.Float32, typeof(float)),
        ("uint64", NdArrayDType.UInt64, typeof(ulong)),
        ("int64", NdArrayDType.Int64, typeof(long)),
        ("float64", NdArrayDType.Float64, typeof(double)),
    ];

    /// <summary>Gets the size of one element in bytes.</summary>
    /// <param name="type">The type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int SizeInBytes(this NdArrayDType type) => (byte)type >> 3;

    /// <summary>Gets NumPy's name, for example <c>float32</c>.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    public static string NumPyName(this NdArrayDType type)
    {
        foreach (var entry in All)
        {
            if (entry.Type == type)
            {
                return entry.Name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such element type.");
    }

    /// <summary>Gets the type that stores elements of a .NET type.</summary>
    /// <typeparam name="T">A primitive number or <see cref="Half"/>.</typeparam>
    /// <returns>The type.</returns>
    /// <exception cref="ArgumentException">Arrays of <typeparamref name="T"/> cannot be stored.</exception>
    public static NdArrayDType Of<T>()
        where T : unmanaged
    {
        foreach (var entry in All)
        {
            if (entry.Clr == typeof(T))
            {
                return entry.Type;
            }
        }

        throw new ArgumentException(
            $"Arrays of {typeof(T).Name} cannot be stored. Stored are {string.Join(", ", All.Select(static entry => entry.Name))}.");
    }

    /// <summary>Tells whether a byte of a file is a type.</summary>
    internal static bool IsDefined(byte code) => code is 8 or 9 or 16 or 17 or 18 or 32 or 33 or 34 or 64 or 65 or 66;

    /// <summary>Finds a type by NumPy's name.</summary>
    internal static NdArrayDType? Parse(ReadOnlySpan<char> name)
    {
        foreach (var entry in All)
        {
            if (name.SequenceEqual(entry.Name))
            {
                return entry.Type;
            }
        }

        return null;
    }
}
