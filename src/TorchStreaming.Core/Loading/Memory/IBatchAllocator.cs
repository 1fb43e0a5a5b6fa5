// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Gives the memory that batches are written to. The loader asks once per buffer and uses what it got for many batches.</summary>
/// <remarks>Called from any of the loader's threads; implementations are thread-safe.</remarks>
internal interface IBatchAllocator
{
    /// <summary>Allocates a block. Its bytes are not cleared.</summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="elementCount">The number of elements; may be 0.</param>
    /// <returns>The block, owned by the caller.</returns>
    BatchMemory Allocate(ElementType type, long elementCount);
}
