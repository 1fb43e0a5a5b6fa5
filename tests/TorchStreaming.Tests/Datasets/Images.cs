// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets;

/// <summary>What tests make of a <see cref="ImageShardsFolder"/>, and how they compare it.</summary>
internal static class Images
{
    /// <summary>Random crops and flips, normalized: the usual training transform, small.</summary>
    public static SampleTransform Augmented { get; } = new ColumnSet(
        new ImageColumn("x", ImageTransform.RandomResizedCrop(8).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std)),
        new ScalarColumn("y"),
        new ScalarColumn("i"));

    /// <summary>Copies the values of a tensor.</summary>
    public static byte[] Bytes(Tensor tensor) => tensor.bytes.ToArray();

    /// <summary>Reads batches to the end, or as many as asked for, into plain values.</summary>
    public static List<BatchValues> Take(StreamingDataLoader loader, int batches = int.MaxValue)
    {
        var taken = new List<BatchValues>();
        using var epoch = loader.GetEnumerator();
        while (taken.Count < batches && epoch.MoveNext())
        {
            taken.Add(BatchValues.Of(epoch.Current));
        }

        return taken;
    }

    /// <summary>Reads batches to the end through TorchSharp's own enumerator.</summary>
    public static List<BatchValues> TakeStock(TorchSharp.Modules.DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>> loader)
    {
        var taken = new List<BatchValues>();
        foreach (var batch in loader)
        {
            taken.Add(BatchValues.Of(batch));
        }

        return taken;
    }
}

/// <summary>The values of a batch, to compare.</summary>
internal sealed record BatchValues(string Ids, string Shape, string Pixels, string Classes)
{
    public static BatchValues Of(Dictionary<string, Tensor> batch) => new(
        string.Join(' ', batch["i"].data<long>().ToArray()),
        string.Join('x', batch["x"].shape),
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Images.Bytes(batch["x"]))),
        string.Join(' ', batch["y"].data<long>().ToArray()));
}
