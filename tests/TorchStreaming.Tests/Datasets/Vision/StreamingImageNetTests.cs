// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Vision;

public sealed class StreamingImageNetTests
{
    private static readonly string Folder = GoldenData.CopyOf("streaming", "shards", "imagenet", "data");

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void GetTensor_EverySample_IsWhatTheReferenceReturns()
    {
        using var golden = GoldenData.ReadJson("streaming", "shards", "class-get-item.json");
        var compared = 0;
        foreach (var recorded in golden.RootElement.GetProperty("classes").EnumerateArray())
        {
            if (recorded.GetProperty("class").GetString() == "StreamingImageNet")
            {
                var split = recorded.GetProperty("split").GetString()!;
                using var dataset = new StreamingImageNet(new() { Local = Folder, Split = split, World = World.Single });
                var items = recorded.GetProperty("items");
                for (var i = 0; i < items.GetArrayLength(); i++)
                {
                    Compare($"{split} {i}", items[i].GetProperty("v"), dataset.GetTensor(i));
                    compared++;
                }
            }
        }

        GoldenData.AssertCount(40, compared);
    }

    [GoldenFact(NeedsTurboJpeg = true)]
    [Trait("Category", GoldenData.Category)]
    public void Enumerate_TrainingTransform_GivesEverySampleWithItsClass()
    {
        using var document = GoldenData.ReadJson("streaming", "shards", "imagenet", "expected-data-train.json");
        var classes = document.RootElement.GetProperty("samples").EnumerateArray()
            .Select(static sample => sample.GetProperty("values").GetProperty("y").GetProperty("v").GetString()!)
            .Select(static y => long.Parse(y, CultureInfo.InvariantCulture))
            .ToArray();
        using var dataset = new StreamingImageNet(new()
        {
            Local = Folder, Split = "train", Shuffle = true, BatchSize = 10,
            Transform = ImageTransform.RandomResizedCrop(64).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std),
            World = World.Single,
        });
        using var loader = new StreamingDataLoader(dataset, numWorkers: 2);
        var seen = new List<long>();
        foreach (var batch in loader)
        {
            Assert.Equal([batch.SampleCount, 3, 64, 64], batch["x"].shape);
            Assert.Equal(batch.SampleIds.Select(id => classes[id]), batch["y"].data<long>().ToArray());
            Assert.Equal(["x", "y"], batch.Keys);
            seen.AddRange(batch.SampleIds);
        }

        Assert.Equal(Enumerable.Range(0, classes.Length).Select(static id => (long)id), seen.Distinct().Order());
    }

    // The reference keeps gray images at one channel and CMYK images at four; here every image has R, G, B.
    private static void Compare(string name, JsonElement expected, Dictionary<string, Tensor> actual)
    {
        using var x = actual["x"];
        using var y = actual["y"];
        var image = expected[0];
        var shape = image.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64()).ToArray();
        Assert.True(x.shape.SequenceEqual([3, shape[1], shape[2]]), $"{name}: {string.Join('x', x.shape)}");
        Assert.True(expected[1].GetProperty("v").GetString() == y.item<long>().ToString(CultureInfo.InvariantCulture), name);
        if (shape[0] == 4)
        {
            return;
        }

        var values = x.data<float>().ToArray().AsSpan(0, checked((int)(shape[0] * shape[1] * shape[2])));
        var hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));
        if (hash == image.GetProperty("sha256").GetString())
        {
            return;
        }

        // Another version of libjpeg-turbo may round inverse transforms differently.
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value;
        }

        mean /= values.Length;
        Assert.True(Math.Abs(mean - image.GetProperty("mean").GetDouble()) < 0.001, $"{name}: mean {mean}");
        var first = image.GetProperty("first8").EnumerateArray().Select(static value => value.GetDouble()).ToArray();
        for (var i = 0; i < first.Length; i++)
        {
            Assert.True(Math.Abs(first[i] - values[i]) < 3.0 / 255, $"{name}: value {i} is {values[i]}, not {first[i]}");
        }
    }
}
