// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>UTF-8 text between separators. Bytes are not taken for text here.</summary>
internal sealed class BareStringEncoding : FieldEncoding<string>
{
    private static readonly StringEncoding Text = new();

    public BareStringEncoding()
        : base("str", null)
    {
    }

    private protected override bool PassesBytes => false;

    /// <inheritdoc/>
    public override string Read(ReadOnlySpan<byte> bytes) => Text.Read(bytes);

    /// <inheritdoc/>
    public override void Write(string value, IBufferWriter<byte> output) => Text.Write(value, output);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        Write(value as string ?? throw WrongType(value, "a string"), output);
}
