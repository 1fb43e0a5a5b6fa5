// SPDX-License-Identifier: MIT

using TorchSharp;
using static TorchSharp.torch;

namespace TorchStreaming.Transforms;

/// <summary>Takes what user code returned out of the dispose scope that it ran in.</summary>
internal static class ScopedTensors
{
    /// <summary>Makes a set of tensors belong to the caller and to no scope.</summary>
    /// <param name="scope">The scope that the user code ran in.</param>
    /// <param name="tensors">What it returned. Tensors that it did not make there (from a cache, say) stay its own, and aliases are
    /// returned instead.</param>
    public static Dictionary<string, Tensor> Release(DisposeScope scope, Dictionary<string, Tensor> tensors)
    {
        if (tensors is null)
        {
            throw new InvalidOperationException("The function returned null instead of tensors.");
        }

        var released = new Dictionary<string, Tensor>(tensors.Count, StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            if (tensor is null || tensor.IsInvalid)
            {
                throw new InvalidOperationException(
                    $"The function returned {(tensor is null ? "null" : "a disposed tensor")} as '{name}'.");
            }

            released.Add(name, scope.Contains(tensor) ? tensor : tensor.alias());
        }

        // Last, so that an error above leaves everything to the scope. One tensor may be under two names.
        foreach (var tensor in released.Values)
        {
            scope.Detach(tensor);
        }

        return released;
    }

    /// <summary>Disposes a set of tensors.</summary>
    public static void Dispose(Dictionary<string, Tensor> tensors)
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
