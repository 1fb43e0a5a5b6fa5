// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>The compression argument of Composer's writer.</summary>
internal static class LegacyCompression
{
    private const int DefaultLevel = 6;

    /// <summary>More than the header with a file's name, the trailer and an empty block take.</summary>
    private const int Overhead = 4096;

    private const int LongestShown = 32;

    /// <summary>Computes how large a compressed file can be. What does not compress is stored in blocks of at least 16 KB with a head of
    /// five bytes each; the bound is well above that.</summary>
    /// <param name="bytes">The size of the file before.</param>
    public static long BoundOf(long bytes) => (long)Int128.Min((Int128)bytes + (bytes >> 8) + Overhead, long.MaxValue);

    /// <summary>Reads what <c>compression.txt</c> says; nothing, or only white space, means no compression.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="location">The file for messages.</param>
    /// <exception cref="ShardFormatException">It names another compression than gzip.</exception>
    public static bool IsCompressed(ReadOnlySpan<byte> content, string location)
    {
        var scheme = content.TrimEnd(" \t\r\n\f\v"u8);
        if (scheme.IsEmpty)
        {
            return false;
        }

        return scheme.SequenceEqual("gz"u8) || scheme.StartsWith("gz:"u8)
            ? true
            : throw new ShardFormatException(
                new ShardLocation(location),
                $"'{Encoding.UTF8.GetString(scheme[..Math.Min(scheme.Length, LongestShown)])}' is not a compression of this format, which "
                + "has only 'gz'.");
    }

    /// <summary>Reads the argument: everything that starts with <c>gz</c> is gzip, with the level after the first colon.</summary>
    /// <returns>The level, or <see langword="null"/> for no compression.</returns>
    /// <exception cref="ArgumentException">The level is not one that gzip has.</exception>
    /// <exception cref="NotSupportedException">The text does not start with <c>gz</c>.</exception>
    public static int? ParseLevel(string? compression)
    {
        if (compression is null)
        {
            return null;
        }

        if (!compression.StartsWith("gz", StringComparison.Ordinal))
        {
            throw new NotSupportedException(
                $"The compression '{compression}' does not exist in this format, which has only 'gz' with or without a level.");
        }

        var parts = compression.Split(':');
        if (parts.Length == 1)
        {
            return DefaultLevel;
        }

        return int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var level) && level is >= -1 and <= 9
            ? level
            : throw new ArgumentException(
                $"'{compression}' is not a compression. Write 'gz' or 'gz:LEVEL' with a level from -1 to 9.", nameof(compression));
    }
}
