// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text.Json.Nodes;

namespace TorchStreaming.Shards;

/// <summary>A JSON value as text, written as Python's <c>json.dumps</c> writes it, keys in the order given; <c>NaN</c> and the infinities
/// are allowed.</summary>
internal sealed class JsonEncoding : FieldEncoding<JsonNode?>
{
    public JsonEncoding()
        : base("json", null)
    {
    }

    /// <inheritdoc/>
    public override JsonNode? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return PythonJsonReader.Parse(bytes);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception.Message);
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonNode? value, IBufferWriter<byte> output) => PythonJsonValues.Write(value, new PythonJsonWriter(output));

    /// <inheritdoc/>
    public override object? ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        PythonJsonValues.Write(value, new PythonJsonWriter(output));
}
