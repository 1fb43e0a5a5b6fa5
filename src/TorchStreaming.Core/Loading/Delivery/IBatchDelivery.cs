// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>How the batches of a loader reach the loop. The loop's thread alone calls it.</summary>
/// <typeparam name="TBatch">What the loop gets of a batch.</typeparam>
internal interface IBatchDelivery<TBatch>
    where TBatch : class
{
    /// <summary>Makes of a batch what the loop gets.</summary>
    /// <param name="batch">The batch, which dies after <see cref="Release"/>.</param>
    TBatch Deliver(Batch batch);

    /// <summary>Ends what the loop got: its next step has begun, or its epoch has ended. Afterwards the batch's memory is filled
    /// again.</summary>
    void Release(TBatch batch)
    {
    }

    /// <summary>Lets go of what belongs to batches that were never delivered. Called once, on any thread, when the epoch's threads have
    /// ended.</summary>
    void EndEpoch()
    {
    }
}
