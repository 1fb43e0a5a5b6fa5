// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchStreaming.Loading;

/// <summary>Makes the tensors of a batch from those of its samples.</summary>
internal static class Collation
{
    /// <summary>Stacks the samples' tensors, name by name, as PyTorch's default does.</summary>
    /// <param name="items">The samples, at least one.</param>
    /// <param name="sampleIds">Their ids for messages; default when they are not known.</param>
    public static Dictionary<string, Tensor> Stack(
        IReadOnlyList<Dictionary<string, Tensor>> items, ImmutableArray<long> sampleIds = default)
    {
        var stacked = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var name in items[0].Keys)
        {
            var rows = new Tensor[items.Count];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = items[i].GetValueOrDefault(name) ?? throw new InvalidOperationException(
                    $"{Name(i)} has no tensor '{name}', but {Name(0)} has. Every sample of a batch must have the same names.");
                if (!rows[i].shape.AsSpan().SequenceEqual(rows[0].shape) || rows[i].dtype != rows[0].dtype)
                {
                    throw new InvalidOperationException(
                        $"Tensor '{name}' is {Describe(rows[i])} in {Name(i)} and {Describe(rows[0])} in {Name(0)}: "
                        + "they cannot be stacked. Bring them to one shape, or give the dataset a collate function.");
                }
            }

            stacked.Add(name, stack(rows));
        }

        return stacked;

        string Name(int row) => sampleIds.IsDefault ? $"row {row}" : $"sample {sampleIds[row]}";
    }

    /// <summary>Copies tensors to a device, unless that is the CPU. New tensors belong to the current dispose scope.</summary>
    public static Dictionary<string, Tensor> MoveTo(Dictionary<string, Tensor> tensors, Device device) => device.type == DeviceType.CPU
        ? tensors
        : tensors.ToDictionary(static pair => pair.Key, pair => pair.Value.to(device), StringComparer.Ordinal);

    private static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
