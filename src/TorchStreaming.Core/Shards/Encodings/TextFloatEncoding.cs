// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>A double in the shortest text that reads back as itself. JSON lines spell what is not finite as Python's <c>json</c>
/// does.</summary>
internal sealed class TextFloatEncoding : FieldEncoding<double>
{
    private readonly bool _isJson;

    public TextFloatEncoding(bool isJson)
        : base("float", null) =>
        _isJson = isJson;

    private protected override bool PassesBytes => false;

    /// <inheritdoc/>
    public override double Read(ReadOnlySpan<byte> bytes) =>
        PythonNumber.TryParseDouble(bytes, out var value) ? value : throw Damaged("it is not a number.");

    /// <inheritdoc/>
    public override void Write(double value, IBufferWriter<byte> output) =>
        output.Advance(PythonFloat.Format(value, output.GetSpan(PythonFloat.MaxLength), _isJson));

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
