// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Bytes as they are: <c>bytes</c>, and the file contents of <c>jpeg</c> and <c>png</c>, which image decoders take from
/// here.</summary>
internal sealed class BytesEncoding : FieldEncoding<ReadOnlySpan<byte>>
{
    public BytesEncoding(string name)
        : base(name, null)
    {
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Read(ReadOnlySpan<byte> bytes) => bytes;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> value, IBufferWriter<byte> output) => output.Write(value);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => bytes.ToArray();

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) => throw WrongType(value, "bytes");
}
