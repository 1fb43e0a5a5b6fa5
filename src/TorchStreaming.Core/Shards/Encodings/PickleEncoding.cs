// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Python's <c>pickle</c>, which is refused: reading one runs code from the file. The bytes themselves may be had and
/// stored.</summary>
internal sealed class PickleEncoding : FieldEncoding<ReadOnlySpan<byte>>
{
    public PickleEncoding()
        : base("pkl", null)
    {
    }

    /// <inheritdoc/>
    public override bool IsSafe => false;

    /// <summary>Gets the pickle itself, unread.</summary>
    public override ReadOnlySpan<byte> Read(ReadOnlySpan<byte> bytes) => bytes;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> value, IBufferWriter<byte> output) => output.Write(value);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => throw new NotSupportedException(
        "A column of encoding 'pkl' holds Python pickles. Reading one runs code that the file brings along, so they are not read; "
        + "ask for the column's bytes, or write the data again with another encoding.");

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        throw new NotSupportedException(
            "Values cannot be written as Python pickles. Give the bytes of a pickle, or use another encoding, for example 'json'.");
}
