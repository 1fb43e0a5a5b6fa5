// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class ConvertRawCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ConvertRawCommandTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertText_ChosenFields_BecomeColumns()
    {
        File.WriteAllText(Path.Combine(Source, "a.jsonl"), """{"text": "hello", "meta": {"set": "x"}}""" + "\n");

        var made = (await ToolRun.InvokeAsync(
            "convert", "text", Source, Output, "--fields", "text,set=meta.set", "--compression", "none", "--json")).Json()[0];
        var sample = (await ToolRun.InvokeAsync("cat", Output)).AssertSuccess();

        Assert.Equal(1, made.GetProperty("samples").GetInt32());
        Assert.Contains("hello", sample.Output, StringComparison.Ordinal);
        Assert.Contains("set: \"x\"", sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertC4_OfOneSplitByPattern_WritesThere()
    {
        const string Line = """{"text": "t", "timestamp": "2019", "url": "u"}""" + "\n";
        File.WriteAllText(Path.Combine(Source, "c4-train.00000-of-00001.json"), Line + Line);
        File.WriteAllText(Path.Combine(Source, "c4-validation.00000-of-00001.json"), Line);

        var run = (await ToolRun.InvokeAsync(
            "convert", "c4", Source, Output, "--files", "c4-validation.*", "--split", "val", "--compression", "none")).AssertSuccess();

        Assert.Contains("val: 1 sample in", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Output, "val", "index.json")));
    }

    [Fact]
    public async Task ConvertPile_LineWithoutItsSet_IsNamed()
    {
        var path = Path.Combine(Source, "00.jsonl");
        File.WriteAllText(path, """{"text": "t"}""" + "\n");

        var run = await ToolRun.InvokeAsync("convert", "pile", path, Output, "--compression", "none");

        run.AssertError(ExitCodes.Failure, path);
        Assert.Contains("line 1: The line has no field 'meta.pile_set_name'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertCifar10_BothSplits_AreMadeAndCannotBeMadeTwice()
    {
        foreach (var name in new[] { "data_batch_1.bin", "test_batch.bin" })
        {
            File.WriteAllBytes(Path.Combine(Source, name), new byte[2 * 3073]);
        }

        var made = (await ToolRun.InvokeAsync("convert", "cifar10", Source, Output, "--json")).Json();

        Assert.Equal([2, 2], made.EnumerateArray().Select(split => split.GetProperty("samples").GetInt32()));
        Assert.Equal([10, 10], made.EnumerateArray().Select(split => split.GetProperty("classes").GetInt32()));
        (await ToolRun.InvokeAsync("convert", "cifar10", Source, Output, "--split", "test"))
            .AssertError(ExitCodes.Failure, "already holds a dataset");
    }

    [Fact]
    public async Task ConvertCoco_BothSplits_AreMade()
    {
        Directory.CreateDirectory(Path.Combine(Source, "annotations"));
        foreach (var split in new[] { "train", "val" })
        {
            Directory.CreateDirectory(Path.Combine(Source, $"{split}2017"));
            File.WriteAllBytes(Path.Combine(Source, $"{split}2017", "1.jpg"), Jpeg);
            File.WriteAllText(Path.Combine(Source, "annotations", $"instances_{split}2017.json"), """
                {"images": [{"id": 7, "file_name": "1.jpg", "height": 8, "width": 8}], "categories": [{"id": 3, "name": "car"}],
                 "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [0, 0, 4, 8]}]}
                """);
        }

        var made = (await ToolRun.InvokeAsync("convert", "coco", Source, Output, "--json")).Json();

        Assert.Equal([1, 1], made.EnumerateArray().Select(split => split.GetProperty("samples").GetInt32()));
        Assert.Equal([2, 2], made.EnumerateArray().Select(split => split.GetProperty("classes").GetInt32()));
        (await ToolRun.InvokeAsync("convert", "coco", Source, Output, "--split", "test")).AssertError(ExitCodes.Failure, "train and val");
    }

    [Fact]
    public async Task ConvertEnWiki_OfOneSplit_IsMade()
    {
        File.WriteAllText(Path.Combine(Source, "eval.txt"), "one\n\ntwo\n");

        var run = (await ToolRun.InvokeAsync("convert", "enwiki", Source, Output, "--split", "val", "--compression", "none")).AssertSuccess();

        Assert.Contains("val: 2 samples", run.Error, StringComparison.Ordinal);
        (await ToolRun.InvokeAsync("convert", "enwiki", Source, Output)).AssertError(ExitCodes.Failure, "part-*-of-*");
    }

    [Fact]
    public async Task ConvertEnWikiBert_TfRecords_AreMade()
    {
        long[] numbers = [1, 2];
        var names = new[] { "input_ids", "input_mask", "segment_ids", "masked_lm_positions", "masked_lm_ids", "next_sentence_labels" };
        File.WriteAllBytes(Path.Combine(Source, "part-0"), TfRecords.File(TfRecords.Example(
            true, [.. names.Select(name => (name, (object)numbers)), ("masked_lm_weights", new float[] { 1, 0 })])));

        var made = (await ToolRun.InvokeAsync("convert", "enwiki-bert", Source, Output, "--compression", "none", "--json")).Json()[0];

        Assert.Equal(1, made.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task ConvertWebVid_InsideOutsideAndExtracted_AreMade()
    {
        var (table, videos, extra) = (_directory.Combine("w.csv"), _directory.Combine("videos"), _directory.Combine("extra"));
        Directory.CreateDirectory(videos);
        File.WriteAllBytes(Path.Combine(videos, "4.mp4"), [1, 2, 3]);
        File.WriteAllText(table, "videoid,contentUrl,duration,page_dir,name\n4,u,PT00H00M09S,p,n\n5,u,PT00H00M09S,p,n\n");

        (await ToolRun.InvokeAsync("convert", "webvid", table, videos, Output)).AssertError(ExitCodes.Failure, "line 3: The video is missing");
        var made = (await ToolRun.InvokeAsync("convert", "webvid", table, videos, Output, "--on-error", "skip", "--overwrite", "--json")).Json()[0];
        var outside = await ToolRun.InvokeAsync(
            "convert", "webvid", table, videos, _directory.Combine("outside"), "--extra", extra, "--on-error", "skip", "--compression", "none");
        var extracted = await ToolRun.InvokeAsync(
            "convert", "webvid-extract", Output, _directory.Combine("extracted"), "--extra", extra, "--compression", "none");

        Assert.Equal("w.csv, line 3", made.GetProperty("skipped")[0].GetProperty("path").GetString());
        outside.AssertSuccess();
        extracted.AssertSuccess();
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(extra, "000", "000.mp4")));
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("outside")), DirectoryContents.Digest(_directory.Combine("extracted")));
        (await ToolRun.InvokeAsync("convert", "webvid-extract", Output, Output)).AssertError(ExitCodes.Usage, "--extra");
    }

    [Fact]
    public async Task ConvertLaion_Tars_AreMade()
    {
        File.WriteAllBytes(Path.Combine(Source, "00000.tar"), new TarBytes().Add("1.jpg", Jpeg).Add("1.json", "{}").ToArray());

        var made = (await ToolRun.InvokeAsync("convert", "laion", Source, Output, "--json")).Json()[0];

        Assert.Equal(1, made.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task ConvertImageFolder_ToTars_GivesTarsWithAnIndex()
    {
        Directory.CreateDirectory(Path.Combine(Source, "cat"));
        File.WriteAllBytes(Path.Combine(Source, "cat", "1.jpg"), Jpeg);

        (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output, "--format", "tar")).AssertSuccess();
        var info = (await ToolRun.InvokeAsync("info", Output)).AssertSuccess();

        Assert.True(File.Exists(Path.Combine(Output, "shard-000000.tar")));
        Assert.Contains("tar", info.Output, StringComparison.Ordinal);
        (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output, "--format", "csv")).AssertError(ExitCodes.Usage, "csv");
    }

    /// <summary>Gets an image as far as its head tells.</summary>
    private static byte[] Jpeg =>
    [
        0xFF, 0xD8,
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3,
        0xFF, 0xD9,
    ];

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");
}
