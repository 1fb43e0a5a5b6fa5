// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;
using TorchStreaming.Tests.Datasets;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Notebook;

public sealed class TensorNotebookViewTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Batch_OfImages_ShowsThumbnailsAndNoNumbers()
    {
        using var loader = Open();
        using var epoch = loader.GetEnumerator();
        Assert.True(epoch.MoveNext());
        var before = LiveTensors.Count();

        var shown = NotebookOutput.Of(epoch.Current);

        Assert.Equal(before, LiveTensors.Count());
        Assert.Contains("Batch of 8 samples, epoch 0", shown.Texts);
        Assert.Contains("8×3×16×16", shown.Texts);
        Assert.Contains("Float32 on cpu", shown.Texts);
        Assert.Equal((8 * 18) + 2, NotebookOutput.DecodePng(Assert.Single(shown.Images)).Width);
        Assert.True(string.Concat(shown.Texts).Length < 500, shown.Html);
    }

    [Fact]
    public void Batch_ThatIsOver_SaysSo()
    {
        using var loader = Open();
        TensorBatch? last = null;
        foreach (var batch in loader)
        {
            last = batch;
        }

        Assert.Contains("Detach()", NotebookOutput.Of(last!).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void LoaderAndDataset_Shown_StartNoEpoch()
    {
        using var loader = Open();

        Assert.Contains("Loader of 8 batches of 8 samples an epoch", NotebookOutput.Of(loader).Texts);
        Assert.Equal(-1, loader.Epoch);

        using var dataset = new StreamingMapDataset(_folder.Open(), new ColumnSet(new ScalarColumn("i")));
        Assert.Contains("StreamingMapDataset: 60 samples, 60 of an epoch on this rank", NotebookOutput.Of(dataset).Texts);

        using var iterable = new StreamingIterableDataset(_folder.Open(), new ColumnSet(new ScalarColumn("i")));
        Assert.Contains("StreamingIterableDataset: 60 samples, 60 of an epoch on this rank", NotebookOutput.Of(iterable).Texts);
    }

    private StreamingDataLoader Open() => new(
        new StreamingMapDataset(
            _folder.Open(), new ColumnSet(new ScalarColumn("y"), new ImageColumn("x", ImageTransform.CenterCrop(16)))));
}
