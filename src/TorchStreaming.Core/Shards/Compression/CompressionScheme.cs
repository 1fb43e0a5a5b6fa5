// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>A compression as upstream names it: a family and, for most, a level, for example <c>zstd:7</c>.</summary>
internal sealed record CompressionScheme
{
    private CompressionScheme(string family, int? level)
    {
        Family = family;
        Level = level;
    }

    /// <summary>Gets the family, also the file extension: <c>br</c>, <c>bz2</c>, <c>gz</c>, <c>snappy</c> or <c>zstd</c>.</summary>
    public string Family { get; }

    /// <summary>Gets the level, or <see langword="null"/> for the family's default.</summary>
    public int? Level { get; }

    /// <summary>Gets the codec.</summary>
    internal ICompressionCodec Codec => CompressionCodecs.Get(Family);

    /// <summary>Reads upstream's name.</summary>
    /// <param name="text">One of <see cref="CompressionCodecs.Names"/>.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="ArgumentException">There is no such compression.</exception>
    public static CompressionScheme Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var scheme)
            ? scheme
            : throw new ArgumentException($"'{text}' is not a compression. Known are {CompressionCodecs.Describe()}.", nameof(text));
    }

    /// <summary>Reads upstream's name.</summary>
    /// <param name="text">The name.</param>
    /// <param name="scheme">The scheme.</param>
    /// <returns>Whether there is such a compression.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CompressionScheme? scheme)
    {
        scheme = null;
        if (text is null)
        {
            return false;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var family = colon < 0 ? text : text[..colon];
        if (!CompressionCodecs.TryGetLevels(family, out var lowest, out var highest))
        {
            return false;
        }

        if (colon < 0)
        {
            scheme = new CompressionScheme(family, null);
            return true;
        }

        // Levels are written in plain decimal: "zstd:07" is not a name.
        if (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            && level >= lowest && level <= highest && (level == 0 || text[colon + 1] != '0') && text.Length - colon <= 3)
        {
            scheme = new CompressionScheme(family, level);
        }

        return scheme is not null;
    }

    /// <summary>Renders upstream's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Level is { } level ? string.Create(CultureInfo.InvariantCulture, $"{Family}:{level}") : Family;
}
