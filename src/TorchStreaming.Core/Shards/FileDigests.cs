// SPDX-License-Identifier: MIT

using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Shards;

/// <summary>The hexadecimal digests of one file, by upstream's hash names and in their order.</summary>
/// <remarks>Immutable and thread-safe. An index may have a million of these, so digests are kept as bytes and become text when they are
/// asked for.</remarks>
internal sealed class FileDigests : IReadOnlyDictionary<string, string>
{
    private readonly ImmutableArray<string> _names;

    /// <summary>For each name, a length and as many bytes; <see langword="null"/> when a digest is not lowercase hexadecimal text.</summary>
    private readonly byte[]? _packed;
    private readonly string[]? _texts;

    private FileDigests(ImmutableArray<string> names, byte[]? packed, string[]? texts)
    {
        _names = names;
        _packed = packed;
        _texts = texts;
    }

    /// <summary>Gets the set of no digests.</summary>
    public static FileDigests None { get; } = new([], [], null);

    /// <summary>Gets the number of digests.</summary>
    public int Count => _names.Length;

    /// <summary>Gets the names, sorted.</summary>
    public IEnumerable<string> Keys => _names;

    /// <summary>Gets the digests, in the order of their names.</summary>
    public IEnumerable<string> Values => this.Select(static pair => pair.Value);

    /// <summary>Gets a digest.</summary>
    /// <param name="key">The name of the hash.</param>
    /// <exception cref="KeyNotFoundException">There is none by this name.</exception>
    public string this[string key] =>
        TryGetValue(key, out var digest) ? digest : throw new KeyNotFoundException($"There is no digest '{key}'.");

    /// <summary>Gets whether all digests are kept as bytes.</summary>
    internal bool IsPacked => _packed is not null;

    /// <summary>Gets the digests as bytes: for each name, a length and as many bytes.</summary>
    internal ReadOnlySpan<byte> Packed => _packed;

    /// <summary>Makes a set.</summary>
    /// <param name="digests">Names and lowercase hexadecimal digests; of two by one name the last one counts, as in Python.</param>
    /// <returns>The set.</returns>
    public static FileDigests Create(IEnumerable<KeyValuePair<string, string>> digests)
    {
        ArgumentNullException.ThrowIfNull(digests);
        return Create([.. digests], static names => [.. names]);
    }

    /// <summary>Makes a set, taking equal lists of names from a pool.</summary>
    internal static FileDigests Create(List<KeyValuePair<string, string>> digests, Func<List<string>, ImmutableArray<string>> intern)
    {
        if (digests.Count == 0)
        {
            return None;
        }

        if (!IsSorted(digests))
        {
            var sorted = new SortedList<string, string>(CodePointComparer.Instance);
            digests.ForEach(pair => sorted[pair.Key] = pair.Value);
            digests = [.. sorted];
        }

        var names = intern(digests.ConvertAll(static pair => pair.Key));
        return Pack(digests) is { } packed
            ? new FileDigests(names, packed, null)
            : new FileDigests(names, null, [.. digests.Select(static pair => pair.Value)]);
    }

    /// <summary>Tells whether a set has the same names, and digests of the same lengths.</summary>
    internal bool HasLayoutOf(FileDigests other) =>
        IsPacked && other.IsPacked && _names.AsSpan().SequenceEqual(other._names.AsSpan()) && HasLayoutOf(other.Packed);

    /// <summary>Tells whether bytes are digests for the same names, of the same lengths.</summary>
    internal bool HasLayoutOf(ReadOnlySpan<byte> packed)
    {
        if (packed.Length != Packed.Length)
        {
            return false;
        }

        for (var at = 0; at < packed.Length; at += 1 + packed[at])
        {
            if (packed[at] != Packed[at])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds where the bytes of a digest stand in <see cref="Packed"/>; -1 when there is none by this name.</summary>
    internal int FindPacked(string name)
    {
        var index = _names.IndexOf(name);
        return index < 0 || _packed is null ? -1 : GetPlace(_packed, index) + 1;
    }

    /// <summary>Makes a set of the same names from bytes that have its layout.</summary>
    internal FileDigests WithPacked(ReadOnlySpan<byte> packed) => packed.IsEmpty ? this : new FileDigests(_names, packed.ToArray(), null);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _names.Contains(key);

    /// <summary>Finds a digest.</summary>
    /// <param name="key">The name of the hash.</param>
    /// <param name="value">The digest.</param>
    /// <returns>Whether there is one by this name.</returns>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var index = _names.IndexOf(key);
        value = index < 0 ? null : GetDigest(index);
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            yield return KeyValuePair.Create(_names[i], GetDigest(i));
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsSorted(List<KeyValuePair<string, string>> digests)
    {
        for (var i = 1; i < digests.Count; i++)
        {
            if (CodePointComparer.Instance.Compare(digests[i - 1].Key, digests[i].Key) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLowercaseHex(string digest)
    {
        foreach (var digit in digest)
        {
            if (!char.IsAsciiHexDigitLower(digit))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[]? Pack(List<KeyValuePair<string, string>> digests)
    {
        var length = 0;
        foreach (var (_, digest) in digests)
        {
            if (digest.Length % 2 != 0 || digest.Length / 2 > byte.MaxValue || !IsLowercaseHex(digest))
            {
                return null;
            }

            length += 1 + digest.Length / 2;
        }

        var packed = new byte[length];
        var rest = packed.AsSpan();
        foreach (var (_, digest) in digests)
        {
            rest[0] = (byte)(digest.Length / 2);
            Convert.FromHexString(digest, rest[1..], out _, out var written);
            rest = rest[(1 + written)..];
        }

        return packed;
    }

    private string GetDigest(int index)
    {
        if (_packed is null)
        {
            return _texts![index];
        }

        var at = GetPlace(_packed, index);
        return Convert.ToHexStringLower(_packed.AsSpan(at + 1, _packed[at]));
    }

    private static int GetPlace(byte[] packed, int index)
    {
        var at = 0;
        for (var i = 0; i < index; i++)
        {
            at += 1 + packed[at];
        }

        return at;
    }
}
