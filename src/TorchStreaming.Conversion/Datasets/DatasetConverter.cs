// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Writes the samples of a dataset, in their order, into another dataset of another format, compression or shard size.</summary>
public static class DatasetConverter
{
    /// <summary>Converts a dataset. While samples of one shard are carried over, the next shard is fetched and decompressed, and full
    /// shards are compressed and written. Composer's legacy format is read as well.</summary>
    /// <param name="location">The folder or URL of the dataset to read, with its <c>index.json</c>.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="options">What to write; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Hears how far the work is.</param>
    /// <param name="cancellationToken">Ends the work; nothing stays of the output then.</param>
    /// <returns>The index of the new dataset.</returns>
    /// <exception cref="ArgumentException">The options are wrong or do not fit the dataset.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold the columns, or shards have different columns.</exception>
    /// <exception cref="ShardFormatException">The dataset is damaged.</exception>
    /// <exception cref="StorageException">There is no dataset, a file cannot be read or written, or the output has files already.</exception>
    public static async Task<DatasetIndex> ConvertAsync(
        string location,
        DatasetOutput output,
        DatasetConverterOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var dataset = await DatasetLocation.OpenAsync(location, split: null, cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        return await ConvertAsync(dataset.Store, dataset.Directory, dataset.Index, output, options, progress, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Converts a dataset that is open.</summary>
    /// <param name="store">The directory of the dataset to read; not disposed.</param>
    /// <param name="directory">The path of this directory if it is on this machine, so that files are read where they are; else
    /// <see langword="null"/>.</param>
    /// <param name="index">Its index.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="options">What to write; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Hears how far the work is.</param>
    /// <param name="cancellationToken">Ends the work; nothing stays of the output then.</param>
    /// <returns>The index of the new dataset.</returns>
    /// <exception cref="ArgumentException">The options are wrong or do not fit the dataset.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold the columns, or shards have different columns.</exception>
    /// <exception cref="ShardFormatException">The dataset is damaged.</exception>
    /// <exception cref="StorageException">A file cannot be read or written, or the output has files already.</exception>
    internal static async Task<DatasetIndex> ConvertAsync(
        IObjectStore store,
        string? directory,
        DatasetIndex index,
        DatasetOutput output,
        DatasetConverterOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(index);
        options ??= new DatasetConverterOptions();
        var source = ConversionColumns.GetCommon(index);
        var tarColumns = options.Format == ShardFormats.Tar ? TarColumns.Map(source, options.TarFields) : null;
        DatasetWriter writer = tarColumns is not null
            ? await TarShardWriter.CreateAsync(output, tarColumns.Fields, options.Tars, options.Writer, cancellationToken)
                .ConfigureAwait(false)
            : await CreateWriterAsync(options, ConversionColumns.Map(source, options), output, cancellationToken).ConfigureAwait(false);
        await using var ending = writer.ConfigureAwait(false);
        var retrying = new RetryingObjectStore(store, ownsInner: false);
        await using var closing = retrying.ConfigureAwait(false);
        using var stage = new ShardStage(retrying, directory);

        var meter = new ProgressMeter(progress, new ConversionProgress(0, index.SampleCount, 0, 0), options.TimeProvider);
        ISampleConverter converter = tarColumns is not null
            ? new TarSampleConverter(tarColumns, writer)
            : new SampleConverter(source, writer);
        await foreach (var shard in OpenAllAsync(stage, index, options.Workers, cancellationToken).ConfigureAwait(false))
        {
            using (shard)
            {
                for (var sample = 0; sample < shard.Reader.SampleCount; sample++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await converter.ConvertAsync(shard.Reader, sample, cancellationToken).ConfigureAwait(false);
                    meter.Add(1, 0, shard.Reader.GetSampleBytes(sample).Length);
                }
            }
        }

        var made = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        meter.Complete();
        return made;
    }

    private static async ValueTask<DatasetWriter> CreateWriterAsync(
        DatasetConverterOptions options,
        IReadOnlyDictionary<string, string> columns,
        DatasetOutput output,
        CancellationToken cancellationToken)
    {
        const string Newline = "\n";
        return options.Format switch
        {
            ShardFormats.Json =>
                await JsonlWriter.CreateAsync(output, columns, Newline, options.Writer, cancellationToken).ConfigureAwait(false),
            ShardFormats.Csv =>
                await XsvWriter.CreateCsvAsync(output, columns, Newline, options.Writer, cancellationToken).ConfigureAwait(false),
            ShardFormats.Tsv =>
                await XsvWriter.CreateTsvAsync(output, columns, Newline, options.Writer, cancellationToken).ConfigureAwait(false),
            _ => await MdsWriter.CreateAsync(output, columns, options.Writer, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Opens all shards in their order, some ahead of the consumer, who disposes each.</summary>
    private static async IAsyncEnumerable<StagedShard> OpenAllAsync(
        ShardStage stage, DatasetIndex index, int workers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new Queue<Task<StagedShard>>();
        try
        {
            for (var next = 0; next < index.Shards.Length || ahead.Count > 0;)
            {
                for (; next < index.Shards.Length && ahead.Count < workers; next++)
                {
                    var shard = index.Shards[next];
                    ahead.Enqueue(Task.Run(() => StagedShard.OpenAsync(stage, shard, cancellationToken), cancellationToken));
                }

                yield return await ahead.Dequeue().ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var opening in ahead)
            {
                await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (opening.IsCompletedSuccessfully)
                {
                    (await opening.ConfigureAwait(false)).Dispose();
                }
            }
        }
    }
}
