// SPDX-License-Identifier: MIT

namespace TorchStreaming.Packaging.Tests;

/// <summary>A test that starts the kernel of .NET Interactive, skipped with a reason where it cannot be installed.</summary>
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = KernelTool.Problem;
}
