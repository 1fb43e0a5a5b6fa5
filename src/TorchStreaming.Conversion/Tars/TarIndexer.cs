// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Makes a dataset of tars where they are: a table of samples beside each, and <c>index.json</c>. Whoever opens them later, on
/// however
/// many machines, need not go through them first.</summary>
/// <remarks>Tars are read from front to back once, from any store that can be written. Keys and fields follow WebDataset's rule.</remarks>
internal static class TarIndexer
{
    /// <summary>Indexes tars.</summary>
    /// <param name="location">One tar, a pattern such as <c>s3://b/train-{000000..000146}.tar</c>, or the folder or prefix of the
    /// tars.</param>
    /// <param name="options">What to write; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Hears how far the work is.</param>
    /// <param name="cancellationToken">Ends the work; there is no index then.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">A pattern is wrong.</exception>
    /// <exception cref="NotSupportedException">A tar is compressed, or a name cannot be in an index for DALI.</exception>
    /// <exception cref="ShardFormatException">A tar is damaged, or its members make no samples.</exception>
    /// <exception cref="StorageException">There are no tars, there is an index already, or the store failed.</exception>
    public static async Task<DatasetIndex> WriteAsync(
        string location,
        TarIndexerOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        options ??= new TarIndexerOptions();
        var patterns = TarLocation.TrySplit(location, out var folder, out var pattern) ? [pattern] : options.Shards;
        var names = patterns.SelectMany(static name => BracePattern.Expand(name)).ToList();
        var store = new RetryingObjectStore(ObjectStoreResolver.Default.Open(folder));
        await using var closing = store.ConfigureAwait(false);
        await RefuseExistingAsync(store, options, cancellationToken).ConfigureAwait(false);
        var tars = await FindAsync(store, names, cancellationToken).ConfigureAwait(false);
        var meter = new ProgressMeter(
            progress, new ConversionProgress(0, tars.Count, 0, tars.Sum(static tar => tar.Size)), options.TimeProvider);
        var shards = new List<(ShardFile Table, ShardFile Tar, TarTableBuilder Samples)>();
        foreach (var tar in tars)
        {
            shards.Add(await IndexAsync(store, tar, options, cancellationToken).ConfigureAwait(false));
            meter.Add(1, 0, tar.Size);
        }

        var index = ToIndex(shards);
        var text = new ArrayBufferWriter<byte>();
        index.Write(text);
        await WriteAsync(store, DatasetIndex.FileName, text.WrittenMemory, cancellationToken).ConfigureAwait(false);
        meter.Complete();
        return index;
    }

    private static DatasetIndex ToIndex(List<(ShardFile Table, ShardFile Tar, TarTableBuilder Samples)> shards)
    {
        var fields = shards.SelectMany(static shard => shard.Samples.Columns).Distinct();
        var schema = new ShardSchema(
            ShardFormats.Tar,
            [new(TarOptions.KeyColumn, "str", null), .. fields.Select(static name => new ShardColumn(name, "bytes", null))]);
        return new DatasetIndex(
        [
            .. shards.Select(shard => new ShardInfo
            {
                Schema = schema, SampleCount = shard.Samples.SampleCount, Files = [shard.Table, shard.Tar],
            }),
        ]);
    }

    private static async Task<(ShardFile Table, ShardFile Tar, TarTableBuilder Samples)> IndexAsync(
        RetryingObjectStore store, ObjectInfo tar, TarIndexerOptions options, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(tar.Key, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var contentDisposal = content.ConfigureAwait(false);
        var reader = new TarStreamReader(content.Stream, $"{store.Location}/{tar.Key}", leaveOpen: true);
        await using var readerDisposal = reader.ConfigureAwait(false);
        var samples = new TarTableBuilder(tar.Key, TarKeyRule.WebDataset);
        var dali = options.WriteDaliIndex ? new DaliIndexWriter() : null;
        while (await reader.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.Kind == TarMemberKind.File)
            {
                samples.Add(reader.Name, reader.NameOffset, reader.ContentOffset, reader.Size);
                dali?.Add(Encoding.UTF8.GetString(reader.Name), reader.ContentOffset, reader.Size);
            }
        }

        var table = samples.ToArray(tar.Size);
        var name = tar.Key + TarShardLayout.TableSuffix;
        await WriteAsync(store, name, table, cancellationToken).ConfigureAwait(false);
        if (dali is not null)
        {
            await WriteAsync(store, DaliIndex.NameFor(tar.Key), dali.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        return (File(name, table.Length), File(tar.Key, tar.Size), samples);
    }

    private static ShardFile File(string name, long size) => new(new ShardFileInfo(name, size, FileDigests.None), null);

    private static async Task WriteAsync(
        RetryingObjectStore store, string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        await store.WriteAsync(key, content, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<ObjectInfo>> FindAsync(RetryingObjectStore store, List<string> names, CancellationToken cancellationToken)
    {
        var tars = new List<ObjectInfo>();
        foreach (var name in names)
        {
            tars.Add(await store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false));
        }

        if (names.Count == 0)
        {
            await foreach (var info in store.ListAsync("", cancellationToken).ConfigureAwait(false))
            {
                if (TarCompression.TryGet(info.Key, out _))
                {
                    tars.Add(info);
                }
            }
        }

        if (tars.Count == 0)
        {
            throw new StorageException(StorageErrorKind.NotFound, store.Location, $"There is no tar below '{store.Location}'.");
        }

        return tars.FirstOrDefault(static tar => TarCompression.TryGet(tar.Key, out var family) && family is not null) is { } compressed
            ? throw new NotSupportedException(
                $"'{compressed.Key}' is compressed, so its samples have no place to be read from. Decompress it first.")
            : tars;
    }

    private static async Task RefuseExistingAsync(RetryingObjectStore store, TarIndexerOptions options, CancellationToken cancellationToken)
    {
        if (options.Overwrite)
        {
            return;
        }

        try
        {
            await store.GetInfoAsync(DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.NotFound)
        {
            return;
        }

        throw new StorageException(
            StorageErrorKind.PreconditionFailed, store.Location, $"'{store.Location}' has an index.json already. Overwrite it if it may go.");
    }
}
