// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Shards;

/// <summary>The compression argument of Composer's writer.</summary>
internal static class LegacyCompression
{
    private const int DefaultLevel = 6;

    /// <summary>Reads the argument: everything that starts with <c>gz</c> is gzip, with the level behind the first colon.</summary>
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
