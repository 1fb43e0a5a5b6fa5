// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Reads items of raw data and encodes them as samples. One thread at a time.</summary>
internal abstract class RawReader : IDisposable
{
    /// <summary>Reads an item.</summary>
    /// <returns>The sample, whose memory the caller returns, or what is wrong with the item.</returns>
    /// <exception cref="StorageException">A file cannot be read or has changed since it was listed. Never skipped: a disk that fails is no
    /// reason to lose samples.</exception>
    public abstract RawSample Read(RawItem item);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
