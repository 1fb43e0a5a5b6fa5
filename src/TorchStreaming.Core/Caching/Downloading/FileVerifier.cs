// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>Compares the bytes of a file with what its index says, while they pass. Not thread-safe.</summary>
internal sealed class FileVerifier : IDisposable
{
    private readonly ShardFileInfo _info;
    private readonly ShardLocation _location;
    private readonly ShardHash? _hash;
    private readonly string? _expected;
    private long _bytes;

    /// <summary>Starts a check.</summary>
    /// <param name="info">What the index says.</param>
    /// <param name="hash">The hash to compare, or <see langword="null"/> for none.</param>
    /// <param name="location">The file for messages.</param>
    /// <exception cref="ShardFormatException">The index does not have the hash.</exception>
    public FileVerifier(ShardFileInfo info, string? hash, ShardLocation location)
    {
        _info = info;
        _location = location;
        if (hash is not null)
        {
            _expected = GetExpected(info, hash, location);
            _hash = ShardHashes.Create(hash);
        }
    }

    /// <summary>Gets the digest that an index has for a file.</summary>
    /// <exception cref="ShardFormatException">It has none of this hash.</exception>
    public static string GetExpected(ShardFileInfo info, string hash, ShardLocation location)
    {
        if (info.Hashes.TryGetValue(hash, out var expected))
        {
            return expected;
        }

        var known = info.Hashes.Count == 0
            ? $"none. Leave {nameof(ShardCacheOptions.ValidateHash)} out, or write the dataset again with hashes"
            : $"{string.Join(", ", info.Hashes.Keys.Order(StringComparer.Ordinal))}. "
                + $"Choose one of these for {nameof(ShardCacheOptions.ValidateHash)}";
        return hash.Length == 0 ? throw new ArgumentException("The hash has no name.") : throw new ShardFormatException(
            location, $"the index has no '{hash}' of it; it has {known}.");
    }

    /// <summary>Says that a file has the wrong size.</summary>
    public static ShardIntegrityException WrongSize(ShardLocation location, ShardFileInfo expected, string actual) => new(
        location,
        "size",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(expected.Bytes == ShardFileInfo.UnknownSize ? "at most " : "")}{expected.MostBytes}"),
        actual);

    /// <summary>Gets the number of bytes so far.</summary>
    public long Bytes => _bytes;

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="ShardIntegrityException">There are more than the index says.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        if (_bytes > _info.MostBytes)
        {
            throw WrongSize(_location, _info, string.Create(CultureInfo.InvariantCulture, $"{_bytes} or more"));
        }

        _hash?.Append(bytes);
    }

    /// <summary>Ends the check.</summary>
    /// <exception cref="ShardIntegrityException">Size or hash is wrong.</exception>
    public void Complete()
    {
        if (!_info.CanHave(_bytes))
        {
            throw WrongSize(_location, _info, _bytes.ToString(CultureInfo.InvariantCulture));
        }

        if (_hash?.GetHexDigest() is { } actual && !string.Equals(actual, _expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new ShardIntegrityException(_location, _hash.Name, _expected!, actual);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash?.Dispose();
}
