// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>A running hash over a file. Not thread-safe.</summary>
internal abstract class ShardHash : IDisposable
{
    /// <summary>Gets upstream's name, for example <c>xxh64</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Adds bytes.</summary>
    /// <param name="bytes">The next bytes of the file.</param>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the hash.</summary>
    /// <returns>The lowercase hexadecimal digest.</returns>
    public abstract string GetHexDigest();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives native state back.</summary>
    /// <param name="disposing">Whether this is a call of <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
