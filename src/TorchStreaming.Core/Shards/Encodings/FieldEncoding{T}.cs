// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>How the values of a column become bytes and come back, without boxing.</summary>
/// <typeparam name="T">The type of values. For bytes, arrays, images and lists it is a view into the encoded value: nothing is
/// copied.</typeparam>
internal abstract class FieldEncoding<T> : FieldEncoding
    where T : allows ref struct
{
    private protected FieldEncoding(string name, int? size)
        : base(name, size)
    {
    }

    /// <summary>Reads a value.</summary>
    /// <param name="bytes">The encoded value; a view lives as long as they do.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a value of this encoding.</exception>
    public abstract T Read(ReadOnlySpan<byte> bytes);

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="output">Receives the encoded value.</param>
    /// <exception cref="ArgumentException">The encoding cannot hold the value.</exception>
    public abstract void Write(T value, IBufferWriter<byte> output);
}
