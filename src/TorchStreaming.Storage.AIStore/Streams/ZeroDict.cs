// SPDX-License-Identifier: MIT

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchStreaming.Diagnostics;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>The fields of a sample: those it has, and without bytes those that other samples have. Any other key is an error, as in an
/// ordinary dictionary.</summary>
/// <remarks>A sample's own fields come first, in the order of its shard, then the others in the order in which they were first seen; in the
/// reference the others come in no certain order. Immutable. Mirrors <c>AISShardReader.ZeroDict</c>.</remarks>
internal sealed class ZeroDict : IReadOnlyDictionary<string, ReadOnlyMemory<byte>>
{
    private readonly OrderedDictionary<string, ReadOnlyMemory<byte>> _fields = new(StringComparer.Ordinal);

    /// <summary>Creates the fields.</summary>
    /// <param name="own">The sample's own fields.</param>
    /// <param name="keys">The keys that the sample must have; those it lacks are added without bytes.</param>
    public ZeroDict(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> own, IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var (key, value) in own)
        {
            _fields[key] = value;
        }

        foreach (var key in keys)
        {
            _fields.TryAdd(key, ReadOnlyMemory<byte>.Empty);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _fields.Keys;

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Values => _fields.Values;

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> this[string key] => _fields[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _fields.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ReadOnlyMemory<byte> value) => _fields.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ReadOnlyMemory<byte>>> GetEnumerator() => _fields.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _fields.Select(static field => $"{field.Key} ({Counted.Of(field.Value.Length, "byte")})"));
}
