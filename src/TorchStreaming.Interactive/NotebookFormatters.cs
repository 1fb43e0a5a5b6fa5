// SPDX-License-Identifier: MIT

using Microsoft.DotNet.Interactive.Formatting;
using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Shards;

namespace TorchStreaming.Interactive;

/// <summary>How .NET notebooks show datasets, samples, batches, loaders and states. <c>#r "nuget: TorchStreaming.Interactive"</c> registers
/// it; a program that formats values as a notebook does calls <see cref="Register"/> itself.</summary>
/// <remarks>Without it a notebook would enumerate what can be enumerated and read every property: epochs, downloads, listings. Showing a
/// value here starts nothing.</remarks>
public static class NotebookFormatters
{
    /// <summary>Registers the formatters: HTML of each type's own, and its <see cref="object.ToString"/> as plain text. A later call
    /// changes nothing. Thread-safe.</summary>
    public static void Register()
    {
        Show<StreamingDataset>(DatasetViews.Write);
        Show<LegacyStreamingDataset>(DatasetViews.Write);
        Show<StreamingMapDataset>(DatasetViews.Write);
        Show<StreamingIterableDataset>(DatasetViews.Write);
        Show<LegacyStreamingMapDataset>(DatasetViews.Write);
        Show<DatasetIndex>(DatasetViews.Write);
        Show(typeof(RecordDataset<>), WriteTitle);

        Show<Sample>(SampleViews.Write);
        Show<SampleSelection>(SampleViews.Write);
        Show<TarSample>(SampleViews.Write);
        Show<TarStream>(TarStreamView.Write);

        Show<Batch>(BatchView.Write);
        Show<TensorBatch>(TensorBatchView.Write);
        Show<BatchLoader>(LoaderViews.Write);
        Show<StreamingDataLoader>(LoaderViews.Write);
        Show<LoaderStatistics>(LoaderViews.Write);
        Show<CacheStatistics>(LoaderViews.Write);
        Show<EpochSampler>(WriteTitle);

        Show<LoaderState>(StateViews.Write);
        Show<TarStreamState>(StateViews.Write);
        Show<AISStreamState>(StateViews.Write);

        Show<AISMultiShardStream>(AIStoreViews.Write);
        Show<AISBaseIterDataset>(AIStoreViews.Write);
        Show<AISBaseMapDataset>(AIStoreViews.Write);
        Show<DynamicBatchSampler>(WriteTitle);
    }

    private static void Show<T>(Action<T, HtmlPage> write)
        where T : class => Show(typeof(T), (value, page) => write((T)value, page));

    private static void Show(Type type, Action<object, HtmlPage> write)
    {
        Formatter.Register(type, (value, writer) => write(value, new HtmlPage(writer)), HtmlFormatter.MimeType);
        Formatter.Register(type, static (value, writer) => writer.Write(value), PlainTextFormatter.MimeType);
    }

    private static void WriteTitle(object value, HtmlPage page) => page.Title($"{value}");
}
