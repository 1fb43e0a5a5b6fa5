// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The right to have one request under way; disposed when it has ended.</summary>
internal sealed class TransferPermit(TransferScheduler scheduler, long cost) : IDisposable
{
    private TransferScheduler? _scheduler = scheduler;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _scheduler, null)?.Leave(cost);
}
