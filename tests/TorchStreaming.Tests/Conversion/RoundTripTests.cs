// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Tests.Datasets;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Conversion;

/// <summary>What converters write, read by the classes that they write it for.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly long _before = LiveTensors.Count();

    public RoundTripTests() => Directory.CreateDirectory(Source);

    public void Dispose()
    {
        _directory.Dispose();
        Assert.Equal(_before, LiveTensors.Count());
    }

    [Fact]
    public async Task Cifar10_BinaryVersion_GivesItsPixelsAndClasses()
    {
        var records = new byte[5 * 3073];
        new Random(4).NextBytes(records);
        for (var i = 0; i < 5; i++)
        {
            records[i * 3073] = (byte)(9 - i);
        }

        File.WriteAllBytes(_directory.Combine("source", "test_batch.bin"), records);
        await ConvertAsync(Cifar10Batches.Open(Source, "test"));

        using var dataset = new StreamingCIFAR10(new() { Local = Output, World = World.Single, Transform = VisionTransform.FromFunction(static x => x.alias()) });
        for (var i = 0; i < 5; i++)
        {
            using var scope = NewDisposeScope();
            var sample = dataset.GetTensor(i);
            Assert.Equal(9 - i, sample["y"].item<long>());
            Assert.Equal([3, 32, 32], sample["x"].shape);
            Assert.Equal(records[((i * 3073) + 1)..((i + 1) * 3073)], sample["x"].bytes.ToArray());
        }

        Assert.Equal(5, dataset.Count);
    }

    [TurboJpegFact]
    public async Task Ade20K_ImagesWithMaps_GivesBoth()
    {
        // A map of one gray pixel of value 0.
        var map = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");
        var image = TestImages.MakeJpeg(24, 16);
        foreach (var (folder, name, content) in new[] { ("images", "a.jpg", image), ("annotations", "a.png", map) })
        {
            Directory.CreateDirectory(_directory.Combine("source", folder, "validation"));
            File.WriteAllBytes(_directory.Combine("source", folder, "validation", name), content);
        }

        await ConvertAsync(Ade20KFolder.Open(Source, "val"));

        using var dataset = new StreamingADE20K(new() { Local = Output, World = World.Single });
        using var scope = NewDisposeScope();
        var sample = dataset.GetTensor(0);
        Assert.Equal([3, 16, 24], sample["x"].shape);
        Assert.Equal([0], sample["y"].bytes.ToArray());
    }

    [TurboJpegFact]
    public async Task Coco_ImagesWithBoxes_GivesThemAsSharesWithLabels()
    {
        Directory.CreateDirectory(_directory.Combine("source", "val2017"));
        Directory.CreateDirectory(_directory.Combine("source", "annotations"));
        for (var i = 0; i < 3; i++)
        {
            File.WriteAllBytes(_directory.Combine("source", "val2017", $"{i}.jpg"), TestImages.MakeJpeg(40 + i, 20, seed: i));
        }

        File.WriteAllText(_directory.Combine("source", "annotations", "instances_val2017.json"), """
            {
              "images": [
                {"id": 70, "file_name": "0.jpg", "width": 40, "height": 20},
                {"id": 71, "file_name": "1.jpg", "width": 41, "height": 20},
                {"id": 72, "file_name": "2.jpg", "width": 42, "height": 20}
              ],
              "annotations": [
                {"id": 1, "image_id": 72, "category_id": 18, "bbox": [10.5, 2, 21, 10], "iscrowd": 0},
                {"id": 2, "image_id": 70, "category_id": 3, "bbox": [0, 0, 40, 20], "iscrowd": 0},
                {"id": 3, "image_id": 72, "category_id": 3, "bbox": [0, 0, 42, 5], "iscrowd": 0}
              ],
              "categories": [{"id": 3, "name": "car"}, {"id": 18, "name": "dog"}]
            }
            """);
        await ConvertAsync(CocoFolder.Open(Source, "val"));

        using var dataset = new StreamingCOCO(new() { Local = Output, World = World.Single });
        using var scope = NewDisposeScope();
        Assert.Equal(2, dataset.Count);
        var sample = dataset.GetTensor(1);
        Assert.Equal([3, 20, 42], sample["img"].shape);
        Assert.Equal((72L, 20L, 42L), (sample["img_id"].item<long>(), sample["htot"].item<long>(), sample["wtot"].item<long>()));
        Assert.Equal([0.25f, 0.1f, 0.75f, 0.6f, 0, 0, 1, 0.25f], sample["bbox_sizes"].data<float>().ToArray());
        Assert.Equal([2, 4], sample["bbox_sizes"].shape);
        Assert.Equal([2, 1], sample["bbox_labels"].data<long>().ToArray());
    }

    [Fact]
    public async Task C4AndPile_JsonLines_GiveTheirTexts()
    {
        string[] texts = ["one text", "ä\n2", ""];
        var c4 = texts.Select((text, i) =>
            $$"""{"text": {{System.Text.Json.JsonSerializer.Serialize(text)}}, "timestamp": "{{i}}", "url": "u", "meta": {"pile_set_name": "x"} }""");
        File.WriteAllLines(_directory.Combine("source", "a.jsonl"), c4);
        await ConvertAsync(JsonLines.Open(Source, JsonLines.C4), "c4");
        await ConvertAsync(JsonLines.Open(Source, JsonLines.Pile), "pile");

        using var dataset = new StreamingC4(new() { Tokenizer = Tokenize, MaxSeqLen = 8, Local = _directory.Combine("c4"), World = World.Single });
        using var pile = new StreamingPile(new() { Tokenizer = Tokenize, MaxSeqLen = 8, Local = _directory.Combine("pile"), World = World.Single });
        for (var i = 0; i < texts.Length; i++)
        {
            using var scope = NewDisposeScope();
            foreach (var sample in new[] { dataset.GetTensor(i), pile.GetTensor(i) })
            {
                var length = (int)sample["attention_mask"].sum().item<long>();
                Assert.Equal(texts[i], string.Concat(sample["input_ids"].data<long>().ToArray()[..length].Select(static id => (char)id)));
            }
        }
    }

    [Fact]
    public async Task EnWiki_ExamplesForBert_GiveLabelsInTheMaskedPlaces()
    {
        File.WriteAllBytes(_directory.Combine("source", "part-0"), TfRecords.File(TfRecords.Example(
            true,
            ("input_ids", new long[] { 101, 103, 7, 0 }),
            ("input_mask", new long[] { 1, 1, 1, 0 }),
            ("segment_ids", new long[] { 0, 0, 1, 0 }),
            ("masked_lm_positions", new long[] { 1, 2 }),
            ("masked_lm_ids", new long[] { 2054, 9 }),
            ("masked_lm_weights", new float[] { 1, 1 }),
            ("next_sentence_labels", new long[] { 1 }))));
        await ConvertAsync(EnWikiExamples.Open(Source));

        using var dataset = new StreamingEnWiki(new() { Local = Output, World = World.Single });
        using var scope = NewDisposeScope();
        var sample = dataset.GetTensor(0);
        Assert.Equal([101, 103, 7, 0], sample["input_ids"].to(ScalarType.Int64).data<long>().ToArray());
        Assert.Equal([1, 1, 1, 0], sample["attention_mask"].to(ScalarType.Int64).data<long>().ToArray());
        Assert.Equal([0, 0, 1, 0], sample["token_type_ids"].to(ScalarType.Int64).data<long>().ToArray());
        Assert.Equal([-100, 2054, 9, -100], sample["labels"].data<long>().ToArray());
    }

    [Fact]
    public async Task WebVid_TableAndVideos_GiveTheSameInsideAndOutsideAndExtracted()
    {
        byte[][] videos = [TestImages.MakeNoise(3000, 1), TestImages.MakeNoise(2000, 2), TestImages.MakeNoise(10, 3)];
        var table = _directory.Combine("webvid.csv");
        File.WriteAllLines(table, ["videoid,name,page_idx,page_dir,duration,contentUrl",
            .. videos.Select(static (_, i) => $"{i + 50},\"name, {i}\",{i},page,PT00H01M0{i}S,https://example.org/{i}")]);
        for (var i = 0; i < videos.Length; i++)
        {
            File.WriteAllBytes(_directory.Combine("source", $"{i + 50}.mp4"), videos[i]);
        }

        await ConvertAsync(WebVidTable.Open(table, Source), "inside");
        await ConvertAsync(WebVidTable.OpenOutside(table, Source, _directory.Combine("mp4")), "outside");
        await using var store = ObjectStoreResolver.Default.Open(_directory.Combine("inside"));
        var index = DatasetIndex.Parse(File.ReadAllBytes(_directory.Combine("inside", "index.json")), "inside");
        await ConvertAsync(
            VideoExtraction.Open(store, _directory.Combine("inside"), index, _directory.Combine("extracted-mp4")), "extracted");

        using var inside = new StreamingInsideWebVid(new() { Local = _directory.Combine("inside"), World = World.Single });
        using var outside = OpenOutside("outside", "mp4");
        using var extracted = OpenOutside("extracted", "extracted-mp4");
        for (var i = 0; i < videos.Length; i++)
        {
            var sample = inside.GetItem(i);
            Assert.Equal(
                new WebVidSample($"{i + 50}", $"name, {i}", $"{i}", "page", 60 + i, $"https://example.org/{i}", null, null),
                sample with { Content = null });
            Assert.Equal(videos[i], sample.Content);
            foreach (var other in new[] { outside.GetItem(i), extracted.GetItem(i) })
            {
                Assert.Equal(videos[i], other.Content);
                Assert.Equal(sample with { Content = null, ContentPath = $"000/00{i}.mp4" }, other with { Content = null });
            }
        }

        Assert.Equal(
            DirectoryContents.Digest(_directory.Combine("outside")), DirectoryContents.Digest(_directory.Combine("extracted")));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private static IReadOnlyList<int> Tokenize(string text, int length) => [.. text.Take(length).Select(static character => (int)character)];

    private StreamingOutsideGIWebVid OpenOutside(string name, string videos) => new(new()
    {
        Local = _directory.Combine(name),
        ExtraLocal = _directory.Combine($"{name}-cache"),
        ExtraRemote = _directory.Combine(videos),
        World = World.Single,
    });

    /// <summary>Converts in the order of the raw data, uncompressed: codecs are the system's.</summary>
    private async Task ConvertAsync(RawSource source, string output = "out") => await RawConverter.ConvertAsync(
        source, _directory.Combine(output), source.DefaultOptions with { Shuffle = false, Compression = null, SizeLimit = 4000, Workers = 2 });
}
