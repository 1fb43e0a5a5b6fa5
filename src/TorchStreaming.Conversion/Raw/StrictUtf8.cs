// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Conversion;

/// <summary>UTF-8 where what is no Unicode is an error and not replaced.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gets the text that bytes stand for.</summary>
    /// <exception cref="InvalidDataException">They are no UTF-8.</exception>
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("The text is no UTF-8.", exception);
        }
    }

    /// <summary>Gets the bytes of a text.</summary>
    /// <exception cref="InvalidDataException">It is no valid Unicode.</exception>
    public static byte[] GetBytes(string text)
    {
        try
        {
            return Encoding.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new InvalidDataException("A text is no valid Unicode, so it cannot be stored as UTF-8.", exception);
        }
    }
}
