// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;

namespace TorchStreaming.Shards;

/// <summary>The compression families by upstream's names. Thread-safe.</summary>
/// <remarks>A family that is built in, or whose native library is on the machine, uses that; a registered codec serves where that is not
/// so.</remarks>
public static class CompressionCodecs
{
    private static readonly (string Family, int Lowest, int Highest)[] Levels =
        [("br", 0, 11), ("bz2", 1, 9), ("gz", 0, 9), ("snappy", 0, -1), ("zstd", 1, 22)];

    private static readonly ConcurrentDictionary<string, ICompressionCodec> Registered = new(StringComparer.Ordinal);

    /// <summary>Gets the families: <c>br</c>, <c>bz2</c>, <c>gz</c>, <c>snappy</c> and <c>zstd</c>.</summary>
    public static ImmutableArray<string> Families { get; } = [.. Levels.Select(static entry => entry.Family)];

    /// <summary>Gets every name that a writer takes: the families, and each with each of its levels.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Levels.SelectMany(NamesOf)];

    /// <summary>Gets the codec of a family.</summary>
    /// <param name="family">One of <see cref="Families"/>.</param>
    /// <returns>The codec.</returns>
    /// <exception cref="ArgumentException">There is no such family.</exception>
    /// <exception cref="NotSupportedException">This machine and this program have no codec of the family; the message says how to get
    /// one.</exception>
    public static ICompressionCodec Get(string family)
    {
        ArgumentNullException.ThrowIfNull(family);
        ICompressionCodec? codec = family switch
        {
            "gz" => GzipCodec.Instance,
            "br" => BrotliCodec.Instance,
            "bz2" => Bzip2Codec.Instance,
            "snappy" => SnappyCodec.Instance,
            "zstd" => ZstdCodec.IfAvailable,
            _ when !Families.Contains(family) => throw new ArgumentException(
                $"'{family}' is not a compression. Known are {Describe()}.", nameof(family)),
            _ => null,
        };
        return codec ?? Registered.GetValueOrDefault(family) ?? throw new NotSupportedException(
            $"No codec for '{family}' was found. Install the system's library (Debian package 'libzstd1', macOS 'brew install zstd'), "
            + "or use the package TorchStreaming, which brings a portable one.");
    }

    /// <summary>Adds a codec that serves where a family is neither built in nor has its native library on the machine.</summary>
    /// <param name="codec">The codec; one registered before for the same family is replaced.</param>
    /// <exception cref="ArgumentException">The codec's name is not one of <see cref="Families"/>.</exception>
    public static void Register(ICompressionCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (!Families.Contains(codec.Name))
        {
            throw new ArgumentException($"'{codec.Name}' is not one of {string.Join(", ", Families)}.", nameof(codec));
        }

        Registered[codec.Name] = codec;
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
