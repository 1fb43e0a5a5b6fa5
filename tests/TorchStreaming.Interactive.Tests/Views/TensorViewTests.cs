// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Interactive.Tests;

public sealed class TensorViewTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();

    public Task InitializeAsync() => ImageDataset.WriteAsync(_folder.Path, 60);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Batch_OfImages_ShowsThumbnailsAndNoNumbers()
    {
        using var loader = OpenLoader();
        using var epoch = loader.GetEnumerator();
        Assert.True(epoch.MoveNext());
        var before = Tensor.TotalCount;

        var shown = NotebookOutput.Of(epoch.Current);

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Contains("Batch of 8 samples, epoch 0", shown.Texts);
        Assert.Contains("8×3×16×16", shown.Texts);
        Assert.Contains("Float32 on cpu", shown.Texts);
        Assert.Equal((8 * 18) + 2, PngReader.Read(Assert.Single(shown.Images)).Width);
        Assert.True(string.Concat(shown.Texts).Length < 500, shown.Html);
    }

    [Fact]
    public void Batch_ThatIsOver_SaysSo()
    {
        using var loader = OpenLoader();
        TensorBatch? last = null;
        foreach (var batch in loader)
        {
            last = batch;
        }

        Assert.Contains("Detach()", NotebookOutput.Of(last!).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void LoaderDatasetAndSampler_Shown_StartNoEpoch()
    {
        using var loader = OpenLoader();

        Assert.Contains("Loader of 8 batches of 8 samples an epoch", NotebookOutput.Of(loader).Texts);
        Assert.Equal(-1, loader.Epoch);

        using var dataset = new StreamingMapDataset(Open(), new ColumnSet(new ScalarColumn("id")));
        var shown = NotebookOutput.Of(dataset).Texts;
        Assert.Contains("StreamingMapDataset: 60 samples, 60 of an epoch on this rank", shown);
        Assert.Contains("60 samples in 1 shard; an epoch has 60, 60 of them on rank 0", shown);
        Assert.Contains("Order of an epoch in batches of 8, 0 workers", NotebookOutput.Of(dataset.CreateSampler()).Texts);
        Assert.Equal(-1, dataset.Epoch);

        using var iterable = new StreamingIterableDataset(Open(), new ColumnSet(new ScalarColumn("id")));
        Assert.Contains("StreamingIterableDataset: 60 samples, 60 of an epoch on this rank", NotebookOutput.Of(iterable).Texts);
    }

    private StreamingDataset Open() => StreamingDataset.Open(_folder.Path, new() { BatchSize = 8, Shuffle = true });

    private StreamingDataLoader OpenLoader() => new(
        new StreamingMapDataset(
            Open(), new ColumnSet(new ScalarColumn("id", name: "y"), new ImageColumn("image", ImageTransform.CenterCrop(16), "x"))));
}
