// SPDX-License-Identifier: MIT

using System.Collections;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Which prefixes of a source are read: <c>new() { { bucket, "train/" }, { other, "a/", "b/" } }</c>.</summary>
/// <remarks>A source that is not here is read whole, one with an empty list not at all; prefixes that overlap give objects twice, as in the
/// reference. Handles of the same bucket are the same key; in the reference only the same handle is. Mirrors <c>prefix_map</c>.</remarks>
public sealed class AISPrefixMap : IEnumerable<KeyValuePair<AISSource, IReadOnlyList<string>>>
{
    private static readonly string[] Everything = [""];

    private readonly Dictionary<AISSource, IReadOnlyList<string>> _prefixes = [];

    /// <summary>Adds a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="prefixes">Its prefixes, in the order in which they are read; none to leave the source out.</param>
    /// <exception cref="ArgumentException">The source is there already.</exception>
    public void Add(AISSource source, params IReadOnlyList<string> prefixes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(prefixes);
        _prefixes.Add(source, [.. prefixes]);
    }

    /// <summary>Gets the prefixes of a source.</summary>
    /// <param name="source">The source.</param>
    /// <returns>The prefixes.</returns>
    public IReadOnlyList<string> this[AISSource source] => _prefixes.GetValueOrDefault(source, Everything);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<AISSource, IReadOnlyList<string>>> GetEnumerator() => _prefixes.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _prefixes.Count == 0
        ? "everything"
        : string.Join("; ", _prefixes.Select(static pair => $"{pair.Key}: {Describe(pair.Value)}"));

    private static string Describe(IReadOnlyList<string> prefixes) => prefixes.Count == 0
        ? "nothing"
        : string.Join(", ", prefixes.Select(static prefix => prefix.Length > 0 ? prefix : "everything"));
}
