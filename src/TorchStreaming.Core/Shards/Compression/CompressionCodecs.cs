// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;

namespace TorchStreaming.Shards;

/// <summary>The compression families by upstream's names. Thread-safe.</summary>
/// <remarks>zstd uses the system's libzstd, and ZstdSharp where there is none; the others are managed code.</remarks>
internal static class CompressionCodecs
{
    private static readonly (string Family, int Lowest, int Highest)[] Levels =
        [("br", 0, 11), ("bz2", 1, 9), ("gz", 0, 9), ("snappy", 0, -1), ("zstd", 1, 22)];

    /// <summary>Gets the families: <c>br</c>, <c>bz2</c>, <c>gz</c>, <c>snappy</c> and <c>zstd</c>.</summary>
    public static ImmutableArray<string> Families { get; } = [.. Levels.Select(static entry => entry.Family)];

    /// <summary>Gets every name that a writer takes: the families, and each with each of its levels.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Levels.SelectMany(NamesOf)];

    /// <summary>Gets the codec of a family.</summary>
    /// <param name="family">One of <see cref="Families"/>.</param>
    /// <returns>The codec.</returns>
    /// <exception cref="ArgumentException">There is no such family.</exception>
    public static ICompressionCodec Get(string family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return family switch
        {
            "gz" => GzipCodec.Instance,
            "br" => BrotliCodec.Instance,
            "bz2" => Bzip2Codec.Instance,
            "snappy" => SnappyCodec.Instance,
            "zstd" => ZstdCodec.IfAvailable ?? (ICompressionCodec)ZstdSharpCodec.Instance,
            _ => throw new ArgumentException($"'{family}' is not a compression. Known are {Describe()}.", nameof(family)),
        };
    }

    /// <summary>Gets the levels of a family.</summary>
    internal static bool TryGetLevels(string family, out int lowest, out int highest)
    {
        foreach (var entry in Levels)
        {
            if (entry.Family == family)
            {
                (_, lowest, highest) = entry;
                return true;
            }
        }

        (lowest, highest) = (0, -1);
        return false;
    }

    /// <summary>Renders the families with their levels for a message.</summary>
    internal static string Describe() => string.Join(
        ", ",
        Levels.Select(static entry => entry.Highest < entry.Lowest ? entry.Family : $"{entry.Family}[:{entry.Lowest}-{entry.Highest}]"));

    private static IEnumerable<string> NamesOf((string Family, int Lowest, int Highest) entry) =>
        Enumerable.Range(entry.Lowest, entry.Highest - entry.Lowest + 1)
            .Select(level => string.Create(CultureInfo.InvariantCulture, $"{entry.Family}:{level}"))
            .Prepend(entry.Family);
}
