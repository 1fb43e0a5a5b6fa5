// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Several hashes over one file. Not thread-safe.</summary>
internal sealed class RunningHashes : IDisposable
{
    private readonly ShardHash[] _hashes;

    public RunningHashes(IEnumerable<string> names) => _hashes = [.. names.Distinct().Select(ShardHashes.Create)];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var hash in _hashes)
        {
            hash.Append(bytes);
        }
    }

    public FileDigests GetDigests() =>
        FileDigests.Create(_hashes.Select(static hash => KeyValuePair.Create(hash.Name, hash.GetHexDigest())));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var hash in _hashes)
        {
            hash.Dispose();
        }
    }
}
