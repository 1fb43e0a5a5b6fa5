// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>A decimal number of any precision in text: <c>str_decimal</c>.</summary>
internal sealed class DecimalTextEncoding : FieldEncoding<BigDecimal>
{
    public DecimalTextEncoding()
        : base("str_decimal", null)
    {
    }

    /// <inheritdoc/>
    public override BigDecimal Read(ReadOnlySpan<byte> bytes) =>
        BigDecimal.TryParse(Encoding.UTF8.GetString(bytes), out var value) ? value : throw Damaged("it is not a decimal number.");

    /// <inheritdoc/>
    public override void Write(BigDecimal value, IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(value.ToString(), output);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) => Write(
        value switch
        {
            BigDecimal number => number,
            decimal number => number,
            _ => throw WrongType(value, "a decimal number"),
        },
        output);
}
