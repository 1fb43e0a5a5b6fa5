// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Text as a JSON string.</summary>
internal sealed class JsonStringEncoding : FieldEncoding<string>
{
    public JsonStringEncoding()
        : base("str", null)
    {
    }

    private protected override bool PassesBytes => false;

    /// <inheritdoc/>
    public override string Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.StartsWith("\""u8) ? PythonJsonReader.Parse(bytes)!.GetValue<string>() : throw Damaged("it is not a JSON string.");
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception.Message);
        }
    }

    /// <inheritdoc/>
    public override void Write(string value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        new PythonJsonWriter(output).String(value);
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        Write(value as string ?? throw WrongType(value, "a string"), output);
}
