// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Numerics;

namespace TorchStreaming.Shards;

/// <summary>A whole number in decimal digits. Typed access has 64 bits; objects beyond that are <see cref="BigInteger"/>.</summary>
/// <remarks>A truth value counts as a whole number in Python, and a JSON line keeps it as <c>true</c> or <c>false</c>.</remarks>
internal sealed class TextIntegerEncoding : FieldEncoding<long>
{
    private readonly bool _isJson;

    public TextIntegerEncoding(bool isJson)
        : base("int", null) =>
        _isJson = isJson;

    private protected override bool PassesBytes => false;

    /// <inheritdoc/>
    public override long Read(ReadOnlySpan<byte> bytes)
    {
        var value = Parse(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : throw Damaged("it needs more than 64 bits.");
    }

    /// <inheritdoc/>
    public override void Write(long value, IBufferWriter<byte> output) => new PythonJsonWriter(output).Integer(value);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes)
    {
        var value = Parse(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private protected override void WriteValue(object? value, IBufferWriter<byte> output)
    {
        if (value is bool && !_isJson)
        {
            throw WrongType(value, "a whole number");
        }

        if (value is not (bool or sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger))
        {
            throw WrongType(value, "a whole number");
        }

        PythonJsonValues.Write(value, new PythonJsonWriter(output));
    }

    private BigInteger Parse(ReadOnlySpan<byte> bytes)
    {
        if (_isJson && (bytes.SequenceEqual("true"u8) || bytes.SequenceEqual("false"u8)))
        {
            return bytes[0] == 't' ? BigInteger.One : BigInteger.Zero;
        }

        return PythonNumber.TryParseInteger(bytes, out var value) ? value : throw Damaged("it is not a whole number in decimal digits.");
    }
}
