// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>Makes the tensors of a finished batch. Used by the consumer's thread alone.</summary>
internal interface IBatchAssembler : IDisposable
{
    /// <summary>Makes the tensors.</summary>
    /// <param name="batch">The batch, which the consumer holds.</param>
    TensorBatch Assemble(Batch batch);

    /// <summary>Waits until the memory of the batches assembled so far may be overwritten.</summary>
    void AwaitMemory();

    /// <summary>Lets go of what belongs to batches that were never handed out. Called, on any thread, when the epoch's threads have
    /// ended.</summary>
    void EndEpoch();
}
