// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Turns samples into rows of a batch, in place. One thread at a time.</summary>
internal abstract class SampleTransformWorker : IDisposable
{
    /// <summary>Fills one row of a batch.</summary>
    /// <param name="sample">The encoded sample.</param>
    /// <param name="context">The sample's identity, for randomness.</param>
    /// <param name="slot">The batch's memory.</param>
    /// <param name="row">The row to fill.</param>
    /// <exception cref="SampleDecodeException">The sample cannot be decoded. The caller adds the place; other exceptions are wrapped by
    /// it.</exception>
    public abstract void Transform(SampleFields sample, in TransformContext context, IBatchSlot slot, int row);

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
