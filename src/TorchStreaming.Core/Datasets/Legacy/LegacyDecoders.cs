// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Ready-made decoders for <see cref="LegacyStreamingDataset"/>.</summary>
internal static class LegacyDecoders
{
    /// <summary>Gets the bytes as an array.</summary>
    public static Func<ReadOnlySpan<byte>, object?> Bytes { get; } = OfEncoding("bytes");

    /// <summary>Gets the text of UTF-8 bytes.</summary>
    public static Func<ReadOnlySpan<byte>, object?> Text { get; } = OfEncoding("str");

    /// <summary>Gets the number of eight little-endian bytes, which is how Composer's scripts stored classes and counts.</summary>
    public static Func<ReadOnlySpan<byte>, object?> Int64 { get; } = OfEncoding("int64");

    /// <summary>Makes a decoder of an MDS encoding.</summary>
    /// <param name="encoding">The encoding, for example <c>float32</c> or <c>json</c>.</param>
    /// <returns>A decoder that gives what <see cref="FieldEncoding.ReadObject"/> does.</returns>
    /// <exception cref="ArgumentException">There is no such encoding.</exception>
    /// <exception cref="NotSupportedException">The encoding could run code.</exception>
    public static Func<ReadOnlySpan<byte>, object?> OfEncoding(string encoding)
    {
        var found = FieldEncodings.Get(encoding);
        return found.IsSafe
            ? found.ReadObject
            : throw new NotSupportedException($"Values of the encoding '{encoding}' could run code and are not read.");
    }
}
