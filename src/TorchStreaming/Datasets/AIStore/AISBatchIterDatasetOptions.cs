// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>What an <see cref="AISBatchIterDataset"/> reads, and how many objects at a time.</summary>
public sealed record AISBatchIterDatasetOptions : AISIterDatasetOptions
{
    /// <summary>Gets how many objects one call asks for; it has nothing to do with the batches of training.</summary>
    /// <value>The default is 32.</value>
    /// <remarks>Mirrors <c>max_batch_size</c>.</remarks>
    public int MaxBatchSize { get; init; } = 32;

    /// <summary>Gets whether the cluster looks for the target that owns most of a batch.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Colocation { get; init; }
}
