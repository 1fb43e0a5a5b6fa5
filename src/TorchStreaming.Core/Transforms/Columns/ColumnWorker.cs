// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Fills one column of one row at a time. One thread at a time.</summary>
internal abstract class ColumnWorker : IDisposable
{
    /// <summary>Fills the row.</summary>
    /// <param name="value">The encoded value.</param>
    /// <param name="context">The sample's identity, for randomness.</param>
    /// <param name="target">Where the value goes.</param>
    public abstract void Write(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target);

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
