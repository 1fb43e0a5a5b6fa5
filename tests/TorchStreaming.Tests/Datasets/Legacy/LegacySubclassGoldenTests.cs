// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Legacy;

/// <summary>What Composer's own dataset classes read, with the decoders that their field tables ask for.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class LegacySubclassGoldenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static readonly Func<ReadOnlySpan<byte>, Tensor> Int64 = static bytes => tensor(BinaryPrimitives.ReadInt64LittleEndian(bytes));

    // Raw pixels, rows first, channels last.
    private static readonly Func<ReadOnlySpan<byte>, Tensor> Cifar =
        static bytes => tensor(bytes.ToArray(), dtype: ScalarType.Byte).reshape(32, 32, 3).permute(2, 0, 1);

    public void Dispose() => _directory.Dispose();

    [GoldenFact]
    public void C4_DecodersOfText_GiveTheRecordedTexts()
    {
        using var recorded = GoldenData.ReadJson("composer-legacy", "subclass.json");
        var (expected, folder) = Find(recorded, "c4/val");
        var fields = expected.GetProperty("decoder_fields").EnumerateArray().Select(static field => field.GetString()!).ToArray();
        using var dataset = LegacyStreamingDataset.Open(new LegacyStreamingDatasetOptions
        {
            Remote = folder,
            Local = _directory.Path,
            Decoders = fields.ToDictionary(static field => field, static _ => LegacyDecoders.Text),
            World = World.Single,
        });

        var read = dataset.ReadEpoch().ToArray();

        var decoded = expected.GetProperty("decoded").EnumerateArray().ToArray();
        Assert.Equal(decoded.Length, read.Length);
        for (var i = 0; i < read.Length; i++)
        {
            Assert.Equal(fields, read[i].Keys);
            Assert.All(fields, field => Assert.Equal(decoded[i].GetProperty(field).GetString(), read[i][field]));
        }
    }

    [GoldenFact]
    public void Cifar10_DecodedAndNormalized_IsAsRecorded()
    {
        using var recorded = GoldenData.ReadJson("composer-legacy", "subclass.json");
        var (expected, folder) = Find(recorded, "cifar10/val");
        using var dataset = new LegacyStreamingMapDataset(new()
        {
            Remote = folder,
            Local = _directory.Path,
            TensorDecoders = new Dictionary<string, Func<ReadOnlySpan<byte>, Tensor>> { ["x"] = Cifar, ["y"] = Int64 },
            World = World.Single,
        });
        using var loader = new StreamingDataLoader(dataset, batchSize: 2, disposeDataset: false);
        using var mean = tensor((float[])[0.4914f, 0.4822f, 0.4465f]).reshape(1, 3, 1, 1);
        using var std = tensor((float[])[0.247f, 0.243f, 0.261f]).reshape(1, 3, 1, 1);
        var row = 0;
        foreach (var batch in loader)
        {
            using var scope = NewDisposeScope();
            var normalized = ((batch["x"].to(ScalarType.Float32) / 255) - mean) / std;
            for (var i = 0; i < batch.SampleCount; i++, row++)
            {
                AssertImage(expected, row, "x", batch["x"][i]);
                var item = expected.GetProperty("getitem")[row];
                Assert.Equal(item.GetProperty("y").GetInt64(), batch["y"][i].item<long>());
                var values = normalized[i].contiguous().data<float>().ToArray();
                var first = item.GetProperty("x_first8").EnumerateArray().Select(static value => value.GetDouble()).ToArray();
                Assert.All(first.Zip(values), static pair => Assert.Equal(pair.First, pair.Second, 1e-5));
                Assert.Equal(item.GetProperty("x_sum").GetDouble(), values.Sum(static value => (double)value), 1e-2);
            }
        }

        Assert.Equal(expected.GetProperty("len").GetInt32(), row);
    }

    [GoldenFact]
    public void ImageNet1k_DecodedAndCropped_IsAsRecorded()
    {
        using var recorded = GoldenData.ReadJson("composer-legacy", "subclass.json");
        var (expected, folder) = Find(recorded, "imagenet1k/val");
        foreach (var (transform, part) in (IEnumerable<(ImageTransform, string)>)
            [(ImageTransform.ToTensor, "decoded"), (ImageTransform.CenterCrop(224), "getitem")])
        {
            using var dataset = Open(folder, transform, ["x"], ("y", "int64"));
            using var scope = NewDisposeScope();
            for (var i = 0; i < expected.GetProperty("len").GetInt32(); i++)
            {
                var sample = dataset.GetTensor(i);
                AssertImage(expected, i, "x", sample["x"], part);
                Assert.Equal(expected.GetProperty(part)[i].GetProperty("y").GetInt64(), sample["y"].item<long>());
            }
        }
    }

    [GoldenFact]
    public void Ade20k_Decoded_IsAsRecorded()
    {
        using var recorded = GoldenData.ReadJson("composer-legacy", "subclass.json");
        var (expected, folder) = Find(recorded, "ade20k/val");
        using var dataset = Open(folder, ImageTransform.ToTensor, ["image", "annotation"]);
        using var scope = NewDisposeScope();
        for (var i = 0; i < expected.GetProperty("len").GetInt32(); i++)
        {
            var sample = dataset.GetTensor(i);
            AssertImage(expected, i, "image", sample["image"]);

            // Gray images come with three equal channels.
            AssertImage(expected, i, "annotation", sample["annotation"][..1]);
        }
    }

    [GoldenFact]
    public void Coco_Decoded_IsAsRecorded()
    {
        using var recorded = GoldenData.ReadJson("composer-legacy", "subclass.json");
        var (expected, folder) = Find(recorded, "coco/val");
        using var images = Open(folder, ImageTransform.ToTensor, ["img"]);
        var decoders = new Dictionary<string, Func<ReadOnlySpan<byte>, Tensor>>
        {
            ["img_id"] = Int64,
            ["htot"] = Int64,
            ["wtot"] = Int64,
            ["bbox_sizes"] = static bytes => tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), dtype: ScalarType.Float32).reshape(bytes.Length / 16, 4),
            ["bbox_labels"] = static bytes => tensor(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), dtype: ScalarType.Int64),
        };
        using var fields = new LegacyStreamingMapDataset(
            new() { Remote = folder, Local = _directory.Path, TensorDecoders = decoders, World = World.Single });
        using var scope = NewDisposeScope();
        for (var i = 0; i < expected.GetProperty("len").GetInt32(); i++)
        {
            AssertImage(expected, i, "img", images.GetTensor(i)["img"]);
            var sample = fields.GetTensor(i);
            var decoded = expected.GetProperty("decoded")[i];
            Assert.All((string[])["img_id", "htot", "wtot"], name => Assert.Equal(decoded.GetProperty(name).GetInt64(), sample[name].item<long>()));
            Assert.Equal(Numbers(decoded, "bbox_sizes", "shape"), sample["bbox_sizes"].shape.Select(static size => (double)size));
            Assert.Equal(Numbers(decoded, "bbox_sizes", "values"), ToNumbers(sample["bbox_sizes"]));
            Assert.Equal(Numbers(decoded, "bbox_labels", "values"), ToNumbers(sample["bbox_labels"]));
        }
    }

    private static (JsonElement Expected, string Folder) Find(JsonDocument recorded, string name)
    {
        var expected = recorded.RootElement.GetProperty(name);
        return (expected, GoldenData.DataOf(
            "composer-legacy", expected.GetProperty("dir").GetString()!, expected.GetProperty("split").GetString()!));
    }

    /// <summary>Opens images, as bytes of whatever size, and columns of numbers.</summary>
    private LegacyStreamingMapDataset Open(
        string folder, ImageTransform transform, string[] images, params (string Name, string Encoding)[] numbers)
    {
        var columns = images.Select(name => (ColumnTransform)new ImageColumn(
            name, transform.ToDtype(ElementType.UInt8), layout: ColumnLayout.List) { Decoders = PngReaderDecoder.Only });
        var source = LegacyStreamingDataset.Open(new LegacyStreamingDatasetOptions
        {
            Remote = folder,
            Local = _directory.Path,
            Encodings = System.Collections.Immutable.ImmutableDictionary.CreateRange(
                numbers.Select(static number => KeyValuePair.Create(number.Name, number.Encoding))),
            World = World.Single,
        });
        return new LegacyStreamingMapDataset(
            source, new ColumnSet([.. columns, .. numbers.Select(static number => new ScalarColumn(number.Name))]));
    }

    private static void AssertImage(JsonElement expected, int sample, string field, Tensor image, string part = "decoded")
    {
        var recorded = expected.GetProperty(part)[sample].GetProperty(field);
        var pixels = image.permute(1, 2, 0).contiguous();
        Assert.Equal(
            [recorded.GetProperty("height").GetInt64(), recorded.GetProperty("width").GetInt64(), recorded.GetProperty("mode").GetString()!.Length],
            pixels.shape);
        Assert.Equal(
            recorded.GetProperty("sha256_of_raw_pixels").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(pixels.data<byte>().ToArray())));
    }

    private static IEnumerable<double> Numbers(JsonElement decoded, string field, string name) =>
        decoded.GetProperty(field).GetProperty(name).EnumerateArray().Select(static number => number.GetDouble());

    // A tensor without elements has no data to ask for.
    private static double[] ToNumbers(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.to(ScalarType.Float64).data<double>().ToArray();
}
