// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>How the values of a column become bytes and come back. Instances are immutable and thread-safe.</summary>
/// <remarks>This type reads and writes any value as an object, for tools; <see cref="FieldEncoding{T}"/> does it without boxing.</remarks>
internal abstract class FieldEncoding
{
    private protected FieldEncoding(string name, int? size)
    {
        Name = name;
        Size = size;
    }

    /// <summary>Gets upstream's name, for example <c>ndarray:float32:3,224,224</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the number of bytes of every value, or <see langword="null"/> when values differ in size.</summary>
    public int? Size { get; }

    /// <summary>Gets whether reading values cannot run code. Upstream's only unsafe encoding is <c>pkl</c>.</summary>
    public virtual bool IsSafe => true;

    /// <summary>Gets whether a value that is given as bytes is stored as it is, as upstream's MDS writer does.</summary>
    private protected virtual bool PassesBytes => true;

    /// <summary>Reads a value.</summary>
    /// <param name="bytes">The encoded value.</param>
    /// <returns>The value, owning its memory.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a value of this encoding.</exception>
    /// <exception cref="NotSupportedException">The encoding is not safe to read.</exception>
    public abstract object? ReadObject(ReadOnlySpan<byte> bytes);

    /// <summary>Writes a value. Bytes (an array or a memory of them) are stored as they are, whatever the encoding, as upstream
    /// does.</summary>
    /// <param name="value">The value.</param>
    /// <param name="output">Receives the encoded value.</param>
    /// <exception cref="ArgumentException">The value has a type or a size that the encoding cannot hold.</exception>
    public void WriteObject(object? value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!PassesBytes || !TryGetBytes(value, out var bytes))
        {
            WriteValue(value, output);
        }
        else
        {
            output.Write(bytes.Span);
        }
    }

    /// <summary>Renders the name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;

    /// <summary>Writes a value that is not to be stored as it is.</summary>
    private protected abstract void WriteValue(object? value, IBufferWriter<byte> output);

    /// <summary>Makes the exception for a value of a wrong type.</summary>
    private protected ArgumentException WrongType(object? value, string wanted) =>
        new($"A column of encoding '{Name}' takes {wanted}, not {(value is null ? "null" : value.GetType().Name)}.", nameof(value));

    /// <summary>Makes the exception for bytes that are not a value.</summary>
    private protected InvalidDataException Damaged(string problem) => new($"The value is not of encoding '{Name}': {problem}");

    private protected static bool TryGetBytes(object? value, out ReadOnlyMemory<byte> bytes)
    {
        switch (value)
        {
            case byte[] array: bytes = array; return true;
            case ReadOnlyMemory<byte> memory: bytes = memory; return true;
            case Memory<byte> memory: bytes = memory; return true;
            default: bytes = default; return false;
        }
    }
}
