// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Conversion;

public sealed class CocoFolderTests : IDisposable
{
    private const int Images = 12;

    private static readonly RawConverterOptions Options = new() { Hashes = ["sha1"], SizeLimit = 900, Workers = 2, Shuffle = true };

    /// <summary>An image as far as its head tells.</summary>
    private static readonly byte[] Jpeg =
    [
        0xFF, 0xD8,
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3,
        0xFF, 0xD9,
    ];

    private readonly TemporaryDirectory _directory = new();

    public CocoFolderTests()
    {
        Directory.CreateDirectory(_directory.Combine("source", "train2017"));
        Directory.CreateDirectory(_directory.Combine("source", "annotations"));
        for (var i = 0; i < Images; i++)
        {
            File.WriteAllBytes(ImagePath(i), Jpeg);
        }

        Annotate(Usual);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertAsync_Split_HoldsImagesWithBoxesAsSharesAndLabelsByPlace()
    {
        Annotate("""
            {
              "info": {"nested": [[1, {"a": []}], "images"], "none": null},
              "annotations": [
                {"segmentation": [[1.5, 2, 3]], "id": 5, "image_id": 30, "category_id": 90, "bbox": [10, 20.5, 30.25, 40], "iscrowd": 0},
                {"segmentation": {"counts": [9, 9], "size": [480, 640]}, "iscrowd": 1, "bbox": [0, 0, 640, 480], "category_id": 7, "image_id": 30, "id": 6},
                {"id": 7, "image_id": 10, "category_id": 7, "bbox": [1, 1, 0, 3]}
              ],
              "images": [
                {"id": 30, "width": 640, "height": 480, "file_name": "1.jpg", "license": 3},
                {"id": 20, "width": 10, "height": 10, "file_name": "2.jpg"},
                {"id": 10, "width": 100, "height": 50, "file_name": "3.jpg"}
              ],
              "categories": [{"id": 90, "name": "toothbrush"}, {"supercategory": "vehicle", "id": 7, "name": "tr\u00e4in"}]
            }
            """);

        var made = await RawConverter.ConvertAsync(Open(), Output, Options with { Shuffle = false });

        var samples = RawSamples.Read(made);
        Assert.Equal([30L, 10L], samples.Select(static sample => sample["img_id"]));
        Assert.Equal((480L, 640L), (samples[0]["htot"], samples[0]["wtot"]));
        Assert.All(samples, static sample => Assert.Equal(Jpeg, (byte[])sample["img"]!));
        var boxes = (NdArray)samples[0]["bbox_sizes"]!;
        Assert.Equal<long>([2, 4], boxes.Shape);
        Assert.Equal(
            [(float)(10d / 640), (float)(20.5 / 480), (float)((10 + 30.25) / 640), (float)((20.5 + 40) / 480), 0, 0, 1, 1],
            boxes.AsSpan<float>().ToArray());
        Assert.Equal([1L, 2L], ((NdArray)samples[0]["bbox_labels"]!).AsSpan<long>().ToArray());
        Assert.Equal([2L], ((NdArray)samples[1]["bbox_labels"]!).AsSpan<long>().ToArray());
        Assert.Equal<string>(["background", "toothbrush", "träin"], made.Classes);
        Assert.Equal(
            [
                "bbox_labels:ndarray:int64", "bbox_sizes:ndarray:float32", "htot:int", "img:jpeg", "img_id:int", "wtot:int",
            ],
            made.Index.Shards[0].Schema.Columns.Select(static column => $"{column.Name}:{column.Encoding}"));
    }

    [Fact]
    public async Task ConvertAsync_StoppedAndContinued_EndsWithTheSameBytesWhateverTheWorkers()
    {
        await RawConverter.ConvertAsync(Open(), _directory.Combine("expected"), Options with { Workers = 1 });
        File.WriteAllBytes(ImagePath(5), Jpeg[..^2]);

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, Options));
        Assert.Equal(ImagePath(5), failure.Location.File);
        File.WriteAllBytes(ImagePath(5), Jpeg);
        await RawConverter.ConvertAsync(Open(), Output, Options with { Workers = 5 });

        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task ConvertAsync_BoxChangedAfterAnInterruption_IsNotTakenFromTheShardsBefore()
    {
        var unshuffled = Options with { Shuffle = false };
        File.Delete(ImagePath(Images - 1));
        await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, unshuffled));
        File.WriteAllBytes(ImagePath(Images - 1), Jpeg);
        Annotate(Usual.Replace("[0, 1, 2, 3]", "[0, 1, 2, 4]", StringComparison.Ordinal));

        var made = await RawConverter.ConvertAsync(Open(), Output, unshuffled);

        Assert.Equal(0, made.Resumed);
        Assert.Equal(5 / 8f, ((NdArray)RawSamples.Read(made)[0]["bbox_sizes"]!).AsSpan<float>()[3]);
    }

    [Theory]
    [InlineData("\"bbox\": [3, 1, 2, 3]", "\"bbox\": [3, 1, 7, 3]", "image 3", "Annotation 103 has the box [3, 1, 7, 3], which is outside 8 x 8")]
    [InlineData("\"bbox\": [3, 1, 2, 3]", "\"bbox\": [3, 1, -2, 3]", "image 3", "which is outside 8 x 8 pixels")]
    [InlineData("\"bbox\": [3, 1, 2, 3]", "\"bbox\": [3, -2, 2, 3]", "image 3", "which is outside 8 x 8 pixels")]
    [InlineData("\"bbox\": [3, 1, 2, 3]", "\"bbox\": [3, 1, 2, 1e999]", "image 3", "which is outside 8 x 8 pixels")]
    [InlineData("\"id\": 3, \"width\": 8", "\"id\": 3, \"width\": 0", "image 3", "0 x 8 pixels")]
    public async Task ConvertAsync_DamagedAnnotation_NamesImageAndAnnotationOrIsSkipped(string usual, string damaged, string place, string problem)
    {
        Annotate(Usual.Replace(usual, damaged, StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, Options));
        var made = await RawConverter.ConvertAsync(Open(), Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Equal(AnnotationsPath, failure.Location.File);
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Equal($"instances_train2017.json, {place}", Assert.Single(made.Skipped).File);
        Assert.Equal(Images - 1, made.Index.SampleCount);
    }

    [Fact]
    public async Task ConvertAsync_BoxLessThanAPixelOverTheEdge_IsKeptAsItIs()
    {
        Annotate(Usual.Replace("[3, 1, 2, 3]", "[3, 1, 5.02, 3]", StringComparison.Ordinal));

        var made = await RawConverter.ConvertAsync(Open(), Output, Options with { Shuffle = false });

        Assert.Equal((float)(8.02 / 8), ((NdArray)RawSamples.Read(made)[3]["bbox_sizes"]!).AsSpan<float>()[2]);
    }

    [Fact]
    public async Task ConvertAsync_ImageNotThere_IsADamagedItemThatNamesFileAndNumber()
    {
        File.Delete(ImagePath(7));

        var failure = await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, Options));
        var made = await RawConverter.ConvertAsync(Open(), Output, Options with { OnError = SampleErrorPolicy.Skip });

        Assert.Equal(ImagePath(7), failure.Location.File);
        Assert.Contains("image 7", failure.Message, StringComparison.Ordinal);
        Assert.Equal("7.jpg", Assert.Single(made.Skipped).File);
    }

    [Fact]
    public async Task ConvertAsync_FileNameThatLeadsOut_IsNoFileOfTheFolder()
    {
        File.WriteAllBytes(_directory.Combine("source", "secret.jpg"), Jpeg);
        Annotate(Usual.Replace("\"3.jpg\"", "\"../secret.jpg\"", StringComparison.Ordinal));

        await Assert.ThrowsAsync<SampleDecodeException>(() => RawConverter.ConvertAsync(Open(), Output, Options));
    }

    [Theory]
    [InlineData("\"image_id\": 3,", "\"image_id\": 99,", "annotation 103 belongs to image 99")]
    [InlineData("\"image_id\": 3,", "\"image_id\": \"3\",", "'image_id' is no whole number")]
    [InlineData("\"image_id\": 3,", "", "annotation 103 has no 'image_id'")]
    [InlineData("\"id\": 103,", "\"id\": 102,", "annotation 102 is listed twice")]
    [InlineData("\"id\": 3, \"width\"", "\"id\": 2, \"width\"", "image 2 is listed twice, as '2.jpg' and '3.jpg'")]
    [InlineData("\"category_id\": 3}", "\"category_id\": 77}", "annotation 103 has category 77")]
    [InlineData("{\"id\": 3, \"name\"", "{\"id\": 2, \"name\"", "category 2 is listed twice")]
    [InlineData("\"bbox\": [3, 1, 2, 3],", "", "annotation 103 has no 'bbox'")]
    [InlineData("\"bbox\": [3, 1, 2, 3],", "\"bbox\": [3, 1, 2],", "four numbers")]
    [InlineData("\"bbox\": [3, 1, 2, 3],", "\"bbox\": [3, 1, 2, 3, 4],", "more than four numbers")]
    [InlineData("\"file_name\": \"3.jpg\"", "\"file_name\": \"\\ud800\"", "no valid Unicode")]
    [InlineData("\"annotations\"", "\"captions\"", "not all there")]
    [InlineData("\"annotations\": [", "\"annotations\": [3, ", "an annotation is no object")]
    [InlineData("\"annotations\": [", "\"annotations\" [", "no JSON")]
    public void Open_AnnotationsThatDoNotFit_NamesFileAndNumber(string usual, string damaged, string problem)
    {
        Assert.Contains(usual, Usual, StringComparison.Ordinal);
        Annotate(Usual.Replace(usual, damaged, StringComparison.Ordinal));

        var failure = Assert.Throws<SampleDecodeException>(() => Open());

        Assert.Equal(AnnotationsPath, failure.Location.File);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnnotationsCutOffAnywhere_IsAnError()
    {
        var whole = Encoding.UTF8.GetBytes(Usual);
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(AnnotationsPath, whole[..length]);

            Assert.Throws<SampleDecodeException>(() => Open());
        }
    }

    [Fact]
    public void Open_OutlinesFarLongerThanTheBuffer_ArePassedOver()
    {
        var outline = string.Join(',', Enumerable.Range(0, 60_000));
        Annotate(Usual.Replace("\"image_id\": 3,", $"\"segmentation\": [[{outline}]], \"note\": \"{new string('x', 200_000)}\", \"image_id\": 3,", StringComparison.Ordinal));

        Assert.Equal(Images, Open().Annotations.Images.Length);
        Assert.Equal(3, Open().Annotations.Images[3].Boxes[0].Left);
    }

    [Fact]
    public void Open_NothingThere_NamesWhatIsMissing()
    {
        File.Delete(AnnotationsPath);

        var missing = Assert.Throws<StorageException>(() => Open());

        Assert.Equal((StorageErrorKind.NotFound, AnnotationsPath), (missing.Kind, missing.Location));
        Assert.Throws<ArgumentException>(() => CocoFolder.Open(Source, "test"));
    }

    [Fact]
    public void DefaultOptions_OfSplits_AreUpstreams()
    {
        Directory.Move(_directory.Combine("source", "train2017"), _directory.Combine("source", "val2017"));
        File.Move(AnnotationsPath, _directory.Combine("source", "annotations", "instances_val2017.json"));

        var options = CocoFolder.Open(Source, "val").DefaultOptions;

        Assert.Equal((ByteSize.MiB(32), false), (options.SizeLimit, options.Shuffle));
    }

    /// <summary>Gets annotations with one box per image, image <c>n</c> with annotation <c>100 + n</c> of category <c>n</c>.</summary>
    private static string Usual { get; } = $$"""
        {"images": [{{Join(static i => $$"""{"id": {{i}}, "width": 8, "height": 8, "file_name": "{{i}}.jpg"}""")}}],
         "annotations": [{{Join(static i => $$"""{"id": {{100 + i}}, "bbox": [{{i % 6}}, {{1 + (i / 6)}}, 2, 3], "image_id": {{i}}, "category_id": {{i}}}""")}}],
         "categories": [{{Join(static i => $$"""{"id": {{i}}, "name": "thing {{i}}"}""")}}]}
        """;

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private string AnnotationsPath => _directory.Combine("source", "annotations", "instances_train2017.json");

    private static string Join(Func<int, string> write) => string.Join(", ", Enumerable.Range(0, Images).Select(write));

    private CocoFolder Open() => CocoFolder.Open(Source, "train");

    private void Annotate(string json) => File.WriteAllText(AnnotationsPath, json);

    private string ImagePath(int number) => _directory.Combine("source", "train2017", $"{number}.jpg");
}
