// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>UTF-8 text.</summary>
internal sealed class StringEncoding : FieldEncoding<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public StringEncoding()
        : base("str", null)
    {
    }

    /// <inheritdoc/>
    public override string Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw Damaged(exception.Message);
        }
    }

    /// <inheritdoc/>
    public override void Write(string value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            Strict.GetBytes(value, output);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException(
                $"The text has half of a surrogate pair, which UTF-8 cannot hold: {exception.Message}", nameof(value), exception);
        }
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes);

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        Write(value as string ?? throw WrongType(value, "a string"), output);
}
