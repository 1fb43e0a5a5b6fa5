// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Allocates batches outside the managed heap, aligned to 64 bytes. Stateless and thread-safe.</summary>
internal sealed class NativeBatchAllocator : IBatchAllocator
{
    private NativeBatchAllocator()
    {
    }

    /// <summary>Gets the only instance.</summary>
    public static NativeBatchAllocator Instance { get; } = new();

    /// <inheritdoc/>
    public BatchMemory Allocate(ElementType type, long elementCount) => NativeBatchMemory.Allocate(type, elementCount);
}
