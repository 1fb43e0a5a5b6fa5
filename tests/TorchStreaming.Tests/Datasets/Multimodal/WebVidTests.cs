// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TorchStreaming.TestKit;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Multimodal;

public sealed class WebVidTests : IDisposable
{
    private static readonly string Videos = GoldenData.PathOf("streaming", "shards", "webvid-outside", "videos");

    private readonly TemporaryDirectory _folder = new();
    private readonly long _before = LiveTensors.Count();

    public void Dispose()
    {
        _folder.Dispose();
        Assert.Equal(_before, LiveTensors.Count());
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Inside_EverySample_IsWhatTheReferenceReturns()
    {
        using var dataset = new StreamingInsideWebVid(new() { Local = ClassGetItemGolden.Folder("webvid-inside"), World = World.Single });

        var compared = ClassGetItemGolden.Compare("StreamingInsideWebVid", (i, item) => Compare(item, dataset.GetItem(i)));

        GoldenData.AssertCount(12, compared);
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void OutsideGI_EverySample_IsWhatTheReferenceReturns()
    {
        using var dataset = OpenGI();

        var compared = ClassGetItemGolden.Compare("StreamingOutsideGIWebVid", (i, item) => Compare(item, dataset.GetItem(i)));

        GoldenData.AssertCount(12, compared);
        Assert.Equal(12, dataset.VideoStatistics.DownloadedFiles);
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void OutsideGI_WithoutExtras_HasNoContent()
    {
        using var dataset = new StreamingOutsideGIWebVid(new() { Local = LocalCopy(), World = World.Single });

        Assert.Null(dataset.GetItem(0).Content);
        Assert.Equal("000/000.mp4", dataset.GetItem(0).ContentPath);
        using var scope = NewDisposeScope();
        Assert.DoesNotContain("content", dataset.GetTensor(0).Keys);
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void OutsideGI_Batches_HoldTheVideos()
    {
        using var dataset = OpenGI(limit: new ByteSize(5000));
        using var loader = new StreamingDataLoader(dataset, batchSize: 5, numWorkers: 2);
        var seen = new HashSet<long>();
        foreach (var batch in loader)
        {
            for (var row = 0; row < batch.SampleCount; row++)
            {
                var expected = dataset.GetItem(batch.SampleIds[row]);
                Assert.Equal(expected.Content, batch.Lists["content"][row].bytes.ToArray());
                Assert.Equal(expected.Name, Encoding.UTF8.GetString(batch.Lists["name"][row].bytes));
                Assert.Equal(expected.Duration, batch["duration"].data<long>()[row]);
                seen.Add(batch.SampleIds[row]);
            }
        }

        Assert.Equal(12, seen.Count);
        Assert.True(dataset.VideoStatistics.Evictions > 0);
        var kept = Directory.EnumerateFiles(_folder.Combine("videos", "000")).Sum(static file => new FileInfo(file).Length);
        Assert.True(kept <= 5000, $"{kept} bytes are kept");
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void OutsideDT_OneBatchRead_DownloadsTheNextAhead()
    {
        using var dataset = new StreamingOutsideDTWebVid(new()
        {
            Local = LocalCopy(), Predownload = 12, BatchSize = 2, ExtraLocal = _folder.Combine("videos"), ExtraRemote = Videos,
            World = World.Single,
        });
        using (var loader = new StreamingDataLoader(dataset, numWorkers: 1, prefetchFactor: 1, disposeDataset: false))
        using (var epoch = loader.GetEnumerator())
        {
            Assert.True(epoch.MoveNext());
            var arrived = SpinWait.SpinUntil(() => dataset.VideoStatistics.DownloadedFiles == 12, TimeSpan.FromMinutes(5));
            Assert.True(arrived, $"{dataset.VideoStatistics.DownloadedFiles} videos came ahead of the loop.");
        }

        var compared = ClassGetItemGolden.Compare("StreamingOutsideGIWebVid", (i, item) => Compare(item, dataset.GetItem(i)));
        GoldenData.AssertCount(12, compared);
        Assert.Equal(12, dataset.VideoStatistics.DownloadedFiles);
    }

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void OutsideGI_VideoMissing_NamesSampleAndVideo()
    {
        using var dataset = new StreamingOutsideGIWebVid(new()
        {
            Local = LocalCopy(), ExtraLocal = _folder.Combine("videos"), ExtraRemote = _folder.Combine("nowhere"),
            World = World.Single,
        });

        var error = Assert.Throws<SampleDecodeException>(() => dataset.GetTensor(3));

        Assert.Contains("000/003.mp4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_FramesWithoutProgram_SaysWhatToInstall()
    {
        var frames = new VideoFrames(4, 16, 16) { Program = _folder.Combine("no-such-program") };

        var error = Assert.Throws<InvalidOperationException>(
            () => new StreamingInsideWebVid(new() { Local = ClassGetItemGolden.Folder("webvid-inside"), Frames = frames }));

        Assert.Contains("apt-get install ffmpeg", error.Message, StringComparison.Ordinal);
    }

    [ShellFact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Frames_ProgramThatWritesPlanes_BecomeATensor()
    {
        // Stands for ffmpeg: two frames of 2x1 pixels, planes G, B, R.
        var program = _folder.Combine("ffmpeg-stand-in");
        const string Planes = @"\001\002\003\004\005\006\021\022\023\024\025\026";
        File.WriteAllText(program, $"#!/bin/sh\n[ \"$1\" = -version ] || printf '{Planes}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var dataset = new StreamingInsideWebVid(new()
        {
            Local = ClassGetItemGolden.Folder("webvid-inside"),
            Frames = new VideoFrames(Count: 3, Height: 1, Width: 2) { Program = program }, World = World.Single,
        });
        using var scope = NewDisposeScope();

        var sample = dataset.GetTensor(0);

        Assert.Equal([3, 3, 1, 2], sample["frames"].shape);
        Assert.Equal([5, 6, 1, 2, 3, 4, 21, 22, 17, 18, 19, 20, 0, 0, 0, 0, 0, 0], sample["frames"].bytes.ToArray());
        Assert.Equal(2, sample["frame_count"].item<long>());
        Assert.Equal(2379, sample["content"].shape[0]);
    }

    [FfmpegFact]
    public async Task Frames_OfRealVideos_ReachBatchesAsRedGreenBlue()
    {
        var videos = new FfmpegVideos(_folder);
        await using (var writer = await MdsWriter.CreateAsync(_folder.Combine("data"), new Dictionary<string, string>
        {
            ["videoid"] = "str", ["name"] = "str", ["page_idx"] = "str", ["page_dir"] = "str", ["duration"] = "int", ["contentUrl"] = "str", ["content"] = "bytes",
        }))
        {
            for (var i = 0; i < 6; i++)
            {
                var path = videos.Make($"{i}.mp4", $"testsrc=size=32x24:rate={10 + i}:duration=1", FfmpegVideos.Lossless);
                await writer.WriteAsync(new Dictionary<string, object?>
                {
                    ["videoid"] = $"{i}", ["name"] = "", ["page_idx"] = "", ["page_dir"] = "", ["duration"] = 1L, ["contentUrl"] = "",
                    ["content"] = File.ReadAllBytes(path),
                });
            }

            await writer.CompleteAsync();
        }

        using var dataset = new StreamingInsideWebVid(new()
        {
            Local = _folder.Combine("data"), Frames = new VideoFrames(Count: 4, Height: 24, Width: 32, Start: 8, Stride: 2),
            World = World.Single,
        });
        using var loader = new StreamingDataLoader(dataset, batchSize: 3, numWorkers: 2);
        var seen = 0;
        foreach (var batch in loader)
        {
            for (var row = 0; row < batch.SampleCount; row++)
            {
                // Ten to fifteen frames: the eighth and tenth, twelfth and fourteenth where they are.
                var length = 10 + (int)batch.SampleIds[row];
                var count = Math.Min(4, (length - 8 + 1) / 2);
                Assert.Equal(count, batch["frame_count"].data<long>()[row]);
                using var scope = NewDisposeScope();
                var all = FfmpegVideos.DecodeAll(_folder.Combine($"{batch.SampleIds[row]}.mp4"), 3 * 24 * 32);
                var planes = batch["frames"][row, 0].split(1, 0);
                Assert.Equal(all[8][1536..], planes[0].contiguous().bytes.ToArray());
                Assert.Equal(all[8][..768], planes[1].contiguous().bytes.ToArray());
                Assert.Equal(all[8][768..1536], planes[2].contiguous().bytes.ToArray());
                seen++;
            }
        }

        Assert.Equal(6, seen);
    }

    [Fact]
    public void Options_Unchanged_HaveTheReferencesDefaults()
    {
        ClassArguments.AssertMirrors(new StreamingWebVidOptions(), ClassArguments.Base);
        ClassArguments.AssertMirrors(
            new StreamingOutsideWebVidOptions(), [.. ClassArguments.Base, ("ExtraLocal", null), ("ExtraRemote", null)]);
    }

    private static void Compare(JsonElement expected, WebVidSample actual)
    {
        foreach (var column in expected.EnumerateObject())
        {
            var value = column.Value;
            if (column.Name == "content")
            {
                Assert.Equal(value.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(actual.Content!)));
                continue;
            }

            var text = column.Name switch
            {
                "videoid" => actual.VideoId,
                "name" => actual.Name,
                "page_idx" => actual.PageIdx,
                "page_dir" => actual.PageDir,
                "duration" => actual.Duration.ToString(CultureInfo.InvariantCulture),
                "contentUrl" => actual.ContentUrl,
                "content_path" => actual.ContentPath,
                _ => throw new InvalidOperationException($"Column '{column.Name}' is not known here."),
            };
            Assert.Equal(value.GetProperty("v").GetString(), text);
        }
    }

    private StreamingOutsideGIWebVid OpenGI(ByteSize? limit = null) => new(new()
    {
        Local = LocalCopy(),
        ExtraLocal = _folder.Combine("videos"),
        ExtraRemote = Videos,
        ExtraCacheLimit = limit,
        World = World.Single,
    });

    /// <summary>Copies the recorded dataset: its shards are compressed, and what is read is decompressed beside them.</summary>
    private string LocalCopy()
    {
        var videos = Directory.GetFiles(Videos, "*.mp4", SearchOption.AllDirectories).Length;
        if (!GoldenData.IsOwn && videos < 12)
        {
            throw new MissingGoldenException($"Only {videos} videos are recorded.");
        }

        var copy = _folder.Combine("shards");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(ClassGetItemGolden.Folder("webvid-outside")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        return copy;
    }
}
