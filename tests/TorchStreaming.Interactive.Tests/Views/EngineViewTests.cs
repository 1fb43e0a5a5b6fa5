// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Imaging;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Interactive.Tests;

public sealed class EngineViewTests : IAsyncLifetime
{
    private const string Hostile = "<script>alert(\"1\")</script> & 'x'";

    private readonly TemporaryDirectory _folder = new();

    public async Task InitializeAsync()
    {
        var columns = new Dictionary<string, string> { ["id"] = "int", ["image"] = "png", ["te<xt"] = "str", ["values"] = "ndarray:float32:3" };
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("data"), columns);
        for (var id = 0; id < 12; id++)
        {
            writer.Row.Set("id", 31_415_900L + id);
            writer.Row.SetBytes("image", MakePng((byte)(id * 20)));
            writer.Row.Set("te<xt", Hostile + new string('z', 500));
            writer.Row.Set("values", NdArray.Create<float>([0.12345f, 27.18281f, id], 3).AsView());
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Batch_OfImages_ShowsShapesRangesAndThumbnails()
    {
        using var dataset = Open();
        using var loader = Load(dataset);
        using var epoch = loader.GetEnumerator();
        Assert.True(epoch.MoveNext());

        var shown = NotebookOutput.Of(epoch.Current);

        Assert.Contains("Batch of 10 samples, epoch 0", shown.Texts);
        Assert.Contains("10×3×100×80", shown.Texts);
        Assert.Contains("Float32", shown.Texts);
        Assert.Contains(shown.Texts, static text => text.StartsWith("0 … 0.7059, mean", StringComparison.Ordinal));
        var png = Assert.Single(shown.Images);
        var (width, height, _, pixels) = PngReader.Read(png);
        Assert.Equal(((8 * (40 + 2)) + 2, 50 + 4), (width, height));
        Assert.Equal(60, pixels[((40 * width) + (3 * (40 + 2)) + 10) * 3]);
    }

    [Fact]
    public void Batch_OfAnyColumns_NeverShowsItsNumbers()
    {
        using var dataset = Open();
        using var loader = Load(dataset);
        using var epoch = loader.GetEnumerator();
        Assert.True(epoch.MoveNext());

        var shown = NotebookOutput.Of(epoch.Current);

        Assert.DoesNotContain("31415901", shown.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("27.18281", shown.Html, StringComparison.Ordinal);
        Assert.True(string.Concat(shown.Texts).Length < 1000, shown.Html);
    }

    [Fact]
    public void Batch_ThatIsOver_SaysSo()
    {
        using var dataset = Open();
        using var loader = Load(dataset);
        var batch = loader.First();

        Assert.Contains("Detach()", NotebookOutput.Of(batch).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_WithHostileText_IsEscapedAndShort()
    {
        using var dataset = Open();
        using var sample = dataset[3];

        var shown = NotebookOutput.Of(sample);

        Assert.DoesNotContain("<script", shown.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("te<xt", shown.Html, StringComparison.Ordinal);
        Assert.Contains("te<xt", shown.Texts);
        Assert.Contains(shown.Texts, static text => text.StartsWith(Hostile, StringComparison.Ordinal) && text.Length == 201);
        Assert.Equal(MakePng(60), Assert.Single(shown.Images));
    }

    [Fact]
    public void Sample_GivenBack_SaysSo()
    {
        using var dataset = Open();
        var sample = dataset[3];
        sample.Dispose();

        Assert.Contains("given back", NotebookOutput.Of(sample).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Dataset_Shown_NamesStreamsAndColumns()
    {
        using var dataset = Open();

        var shown = NotebookOutput.Of(dataset);

        Assert.Contains("12 samples in 1 shard; an epoch has 12, 12 of them on rank 0", shown.Texts);
        Assert.Contains("ndarray:float32:3", shown.Texts);
        Assert.Contains("te<xt", shown.Texts);
    }

    [Fact]
    public void Loader_Shown_StartsNoEpoch()
    {
        using var dataset = Open();
        using var loader = Load(dataset);

        var shown = NotebookOutput.Of(loader);

        Assert.Contains("Loader of 2 batches of 10 samples an epoch", shown.Texts);
        Assert.Equal(-1, loader.StateDict().Epoch);
        Assert.Equal(0, loader.Statistics.Batches);
    }

    [Fact]
    public void Statistics_Shown_SayTheBottleneck()
    {
        var statistics = new LoaderStatistics
        {
            Batches = 4,
            Samples = 40,
            Elapsed = TimeSpan.FromSeconds(2),
            ConsumerWait = TimeSpan.FromSeconds(1),
            DownloadWait = TimeSpan.FromSeconds(0.75),
            Cache = CacheStatistics.Sum([]),
        };

        var shown = NotebookOutput.Of(statistics);

        Assert.Contains("40 samples in 4 batches, 20 samples/s; waited 50 % of the time (bottleneck: Download)", shown.Texts);
        Assert.Contains("50 % (1 s)", shown.Texts);
    }

    [Fact]
    public void StatesOfReaders_Shown_SayWhereTheyStand()
    {
        var tars = NotebookOutput.Of(new TarStreamState(2, 1, 3, 40, [(0, 7), (1, 8)], "abc"));
        var objects = NotebookOutput.Of(new AISStreamState(1, 5, 1, 0, 4, 9176, ["jpg", "cls"]));

        Assert.Contains("State: epoch 2, 1 sample of it delivered by this reader", tars.Texts);
        Assert.Contains("sample 40 of tar 3 of this reader", tars.Texts);
        Assert.Contains("Waiting in the shuffle buffer", tars.Texts);
        Assert.Contains("2", tars.Texts);
        Assert.Contains("State: epoch 1, 5 objects of its share done", objects.Texts);
        Assert.Contains("Samples done of the next object", objects.Texts);
        Assert.Contains("yes, seed 9176", objects.Texts);
        Assert.Contains("jpg, cls", objects.Texts);
    }

    private StreamingDataset Open() => StreamingDataset.Open(_folder.Combine("data"), new() { BatchSize = 10 });

    private static BatchLoader Load(StreamingDataset dataset) => new(
        dataset, new ColumnSet(new ScalarColumn("id"), new ImageColumn("image", ImageTransform.CenterCrop(100, 80)), new NdArrayColumn("values", ElementType.Float32, [3])));

    private static byte[] MakePng(byte gray)
    {
        var pixels = new byte[80 * 100 * 3];
        pixels.AsSpan(240).Fill(gray);
        var png = new MemoryStream();
        PngWriter.WriteRgb(png, pixels, 80, 100);
        return png.ToArray();
    }
}
