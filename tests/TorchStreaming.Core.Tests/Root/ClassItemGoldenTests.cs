// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

/// <summary>Reads by number what the reference's dataset classes return, as far as it is a matter of formats: JPEG pixels and torch tensors
/// are checked with the images and with the dataset classes.</summary>
[Trait("Category", GoldenData.Category)]
public sealed class ClassItemGoldenTests
{
    [GoldenFact]
    public void Select_EverySampleOfEveryClass_HoldsTheRecordedItem()
    {
        using var golden = GoldenData.ReadJson("streaming", "shards", "class-get-item.json");
        var compared = 0;
        foreach (var recorded in golden.RootElement.GetProperty("classes").EnumerateArray())
        {
            var name = recorded.GetProperty("class").GetString()!;
            if (!GoldenData.HasData("streaming", "shards", recorded.GetProperty("dataset").GetString()!))
            {
                continue;
            }

            var folder = GoldenData.CopyOf("streaming", "shards", recorded.GetProperty("dataset").GetString()!);
            var items = recorded.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("v")).ToArray();
            using var dataset = StreamingDataset.Open(
                Path.Combine(folder, "data"), new() { Split = recorded.GetProperty("split").GetString() });
            Assert.True(items.Length <= dataset.Count);

            // Backwards, so that the order is the selection's and not the shards'.
            foreach (var sample in dataset.Slice(start: items.Length - 1, step: -1))
            {
                using (sample)
                {
                    Compare(name, sample, items[sample.Id], folder);
                    compared++;
                }
            }
        }

        GoldenData.AssertCount(99, compared);
    }

    private static void Compare(string name, Sample sample, JsonElement item, string folder)
    {
        switch (name)
        {
            case "StreamingImageNet":
                Assert.Equal(Number(item[1]), sample.Get<long>("y"));
                break;
            case "StreamingCIFAR10":
                CompareTensor(item[0], sample.Get<PilImageView>("x"));
                Assert.Equal(Number(item[1]), sample.Get<long>("y"));
                break;
            case "StreamingADE20K":
                CompareValue(item[1], sample.GetObject("y"));
                break;
            case "StreamingCOCO":
                CompareCoco(sample, item);
                break;
            case "StreamingEnWiki":
                CompareEnWiki(sample, item);
                break;
            default:
                CompareVideo(sample, item, folder);
                break;
        }
    }

    private static void CompareCoco(Sample sample, JsonElement item)
    {
        Assert.Equal(Number(item[1]), sample.Get<long>("img_id"));
        Assert.Equal(Number(item[2].GetProperty("v")[0]), sample.Get<long>("htot"));
        Assert.Equal(Number(item[2].GetProperty("v")[1]), sample.Get<long>("wtot"));
        var boxes = sample.Get<NdArrayView>("bbox_sizes");
        Assert.Equal(Shape(item[3]), boxes.ToShape());
        Assert.Equal(
            item[3].GetProperty("values").EnumerateArray().SelectMany(static row => row.EnumerateArray()).Select(static x => x.GetSingle()),
            boxes.AsSpan<float>().ToArray());
        var labels = sample.Get<NdArrayView>("bbox_labels");
        Assert.Equal(Shape(item[4]), labels.ToShape());
        Assert.Equal(item[4].GetProperty("values").EnumerateArray().Select(static x => x.GetInt64()), labels.AsSpan<long>().ToArray());
    }

    /// <summary>The reference makes the labels from the columns: -100 except where a word was masked.</summary>
    private static void CompareEnWiki(Sample sample, JsonElement item)
    {
        foreach (var (key, column) in new[]
        {
            ("input_ids", "input_ids"), ("token_type_ids", "segment_ids"), ("attention_mask", "input_mask"),
        })
        {
            Assert.Equal(Values(item.GetProperty(key)), Words(sample, column).Select(static word => (long)word));
        }

        var labels = new long[Words(sample, "input_ids").Length];
        Array.Fill(labels, -100);
        var positions = Words(sample, "masked_lm_positions");
        var ids = Words(sample, "masked_lm_ids");
        for (var i = 0; i < positions.Length; i++)
        {
            labels[positions[i]] = ids[i];
        }

        Assert.Equal(Values(item.GetProperty("labels")), labels);
    }

    private static void CompareVideo(Sample sample, JsonElement item, string folder)
    {
        foreach (var value in item.EnumerateObject())
        {
            var actual = sample.Columns.Any(column => column.Name == value.Name)
                ? sample.GetObject(value.Name)
                : File.ReadAllBytes(Path.Combine(folder, "videos", sample.Get<string>("content_path")));
            CompareValue(value.Value, actual);
        }
    }

    private static void CompareValue(JsonElement expected, object? actual)
    {
        var (wanted, got) = GoldenValues.Compare(expected, actual);
        Assert.Equal(wanted, got);
    }

    /// <summary>Compares pixels with the tensor that torchvision makes of them: channels first, from 0 to 1.</summary>
    private static void CompareTensor(JsonElement expected, PilImageView image)
    {
        Assert.Equal("RGB", image.Mode);
        Assert.Equal(Shape(expected), [3L, image.Height, image.Width]);
        var values = new float[image.Pixels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[(i % 3 * (values.Length / 3)) + (i / 3)] = image.Pixels[i] / 255f;
        }

        Assert.Equal(expected.GetProperty("sha256").GetString(), GoldenValues.Sha256(MemoryMarshal.AsBytes<float>(values)));
    }

    private static int[] Words(Sample sample, string column) => MemoryMarshal.Cast<byte, int>(sample.Bytes(column)).ToArray();

    private static long Number(JsonElement value) => long.Parse(value.GetProperty("v").GetString()!, CultureInfo.InvariantCulture);

    private static IEnumerable<long> Shape(JsonElement value) =>
        value.GetProperty("shape").EnumerateArray().Select(static dimension => dimension.GetInt64());

    private static IEnumerable<long> Values(JsonElement value) =>
        value.GetProperty("values").EnumerateArray().Select(static x => x.GetInt64());
}
