// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.TestKit;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets;

/// <summary>The recorded items of the reference's dataset classes, and how tensors are compared with them.</summary>
internal static class ClassGetItemGolden
{
    /// <summary>Compares every recorded item of a class.</summary>
    /// <param name="name">The class.</param>
    /// <param name="compare">Compares; gets the item's number and what was recorded.</param>
    /// <returns>How many items there were.</returns>
    public static int Compare(string name, Action<int, JsonElement> compare)
    {
        using var golden = GoldenData.ReadJson("streaming", "shards", "class-get-item.json");
        var compared = 0;
        foreach (var recorded in golden.RootElement.GetProperty("classes").EnumerateArray())
        {
            if (recorded.GetProperty("class").GetString() == name)
            {
                foreach (var item in recorded.GetProperty("items").EnumerateArray())
                {
                    compare(compared, item.GetProperty("v"));
                    compared++;
                }
            }
        }

        return compared;
    }

    /// <summary>Names a copy of the folder of a recorded dataset.</summary>
    public static string Folder(string dataset) => GoldenData.CopyOf("streaming", "shards", dataset, "data");

    /// <summary>Compares a tensor with a recorded tensor: type, shape and bytes.</summary>
    public static void AssertTensor(string name, JsonElement expected, Tensor actual)
    {
        AssertShape(name, expected, actual);
        Assert.True(expected.GetProperty("sha256").GetString() == Hash(actual), $"{name}: other values");
    }

    /// <summary>Compares a tensor with a recorded array: type, shape and values.</summary>
    public static void AssertArray(string name, JsonElement expected, Tensor actual)
    {
        AssertShape(name, expected, actual);
        var values = Flatten(expected.GetProperty("values")).ToArray();
        var dtype = expected.GetProperty("dtype").GetString();
        double[] numbers = dtype switch
        {
            "float32" => [.. actual.data<float>().ToArray()],
            "int32" => [.. actual.data<int>().ToArray()],
            "int64" => [.. actual.data<long>().ToArray()],
            _ => throw new InvalidOperationException($"{name}: type {dtype}"),
        };
        Assert.Equal(values, numbers);
    }

    /// <summary>Compares bytes of shape [3, height, width] or [height, width] with a recorded Pillow image.</summary>
    public static void AssertImage(string name, JsonElement expected, Tensor actual)
    {
        var size = expected.GetProperty("size");
        var (width, height) = (size[0].GetInt64(), size[1].GetInt64());
        var isGray = expected.GetProperty("mode").GetString() == "L";
        Assert.True(actual.shape.SequenceEqual(isGray ? [height, width] : [3, height, width]), $"{name}: {string.Join('x', actual.shape)}");
        using var interleaved = isGray ? actual.alias() : actual.permute(1, 2, 0).contiguous();
        Assert.True(expected.GetProperty("pixels_sha256").GetString() == Hash(interleaved), $"{name}: other pixels");
    }

    private static void AssertShape(string name, JsonElement expected, Tensor actual)
    {
        var shape = expected.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64());
        Assert.True(actual.shape.SequenceEqual(shape), $"{name}: {string.Join('x', actual.shape)}");
        Assert.True(
            string.Equals(expected.GetProperty("dtype").GetString(), actual.dtype.ToString(), StringComparison.OrdinalIgnoreCase),
            $"{name}: {actual.dtype}");
    }

    private static string Hash(Tensor tensor) => Convert.ToHexStringLower(SHA256.HashData(tensor.bytes));

    private static IEnumerable<double> Flatten(JsonElement values) => values.ValueKind == JsonValueKind.Array
        ? values.EnumerateArray().SelectMany(Flatten)
        : [values.TryGetSingle(out var number) && !values.TryGetInt64(out _) ? number : values.GetDouble()];
}
