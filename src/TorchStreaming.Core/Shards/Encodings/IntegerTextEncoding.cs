// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>A whole number of any size in decimal digits: <c>str_int</c>.</summary>
internal sealed class IntegerTextEncoding : FieldEncoding<BigInteger>
{
    public IntegerTextEncoding()
        : base("str_int", null)
    {
    }

    /// <inheritdoc/>
    public override BigInteger Read(ReadOnlySpan<byte> bytes) =>
        PythonNumber.TryParseInteger(bytes, out var value) ? value : throw Damaged("it is not a whole number in decimal digits.");

    /// <inheritdoc/>
    public override void Write(BigInteger value, IBufferWriter<byte> output) =>
        Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture), output);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) => Write(
        value switch
        {
            BigInteger number => number,
            sbyte number => number,
            byte number => number,
            short number => number,
            ushort number => number,
            int number => number,
            uint number => number,
            long number => number,
            ulong number => number,
            _ => throw WrongType(value, "a whole number"),
        },
        output);
}
