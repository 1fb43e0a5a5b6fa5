// SPDX-License-Identifier: MIT

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>What a kernel may allocate. One without this attribute allocates nothing; the suite's KernelAllocationTests hold every kernel to
/// its bound.</summary>
/// <param name="bytes">The most bytes of a run.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllocatesAttribute(long bytes) : Attribute
{
    /// <summary>Gets the most bytes of a run.</summary>
    public long Bytes { get; } = bytes;
}
