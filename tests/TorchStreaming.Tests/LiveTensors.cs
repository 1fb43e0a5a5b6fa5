// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming.Tests;

/// <summary>Counts the tensors that are alive.</summary>
internal static class LiveTensors
{
    /// <summary>Counts them after the finalizers of tensors that earlier tests have dropped.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
