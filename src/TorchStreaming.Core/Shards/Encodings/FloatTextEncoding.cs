// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>A double in the shortest text that reads back as itself: <c>str_float</c>.</summary>
internal sealed class FloatTextEncoding : FieldEncoding<double>
{
    public FloatTextEncoding()
        : base("str_float", null)
    {
    }

    /// <inheritdoc/>
    public override double Read(ReadOnlySpan<byte> bytes) =>
        PythonNumber.TryParseDouble(bytes, out var value) ? value : throw Damaged("it is not a number.");

    /// <inheritdoc/>
    public override void Write(double value, IBufferWriter<byte> output) =>
        output.Advance(PythonFloat.Format(value, output.GetSpan(PythonFloat.MaxLength)));

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) => Write(
        value switch
        {
            double number => number,
            float number => number,
            Half number => (double)number,
            _ => throw WrongType(value, "a floating-point number"),
        },
        output);
}
