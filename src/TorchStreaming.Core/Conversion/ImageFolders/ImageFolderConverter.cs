// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Turns a folder of class folders of JPEG files into an MDS data set of the columns <c>i:int</c> (the image's number),
/// <c>x:jpeg</c>
/// (<c>x:pil</c> for raw pixels) and <c>y:int</c> (the class's number).</summary>
/// <remarks>
/// <para>The output is the same whatever the number of workers, and whether or not the conversion was interrupted and continued: a journal
/// in the
/// output names the complete shards. The index is published last, so an unfinished output is never mistaken for a data set.</para>
/// <para>Call <see cref="RunAsync"/> once, then <see cref="Complete"/>. One conversion at a time uses an output; others are refused.</para>
/// <para>Mirrors <c>streaming/vision/convert/imagenet.py</c>, with a seeded order.</para>
/// </remarks>
public sealed class ImageFolderConverter : IDisposable
{
    /// <summary>How many shards may be compressed and written at a time; each is held in memory.</summary>
    private const int MostShardsAtATime = 4;

    private readonly ConversionPlan _plan;
    private readonly ConversionJournal _journal;

    private ImageFolderConverter(ConversionPlan plan, string directory, ConversionJournal journal)
    {
        _plan = plan;
        _journal = journal;
        Directory = directory;
    }

    /// <summary>Gets the full path of the output.</summary>
    public string Directory { get; }

    /// <summary>Gets how many samples an earlier, interrupted run has already dealt with.</summary>
    public long Resumed => _journal.Next;

    /// <summary>Makes the output ready: everything that can be refused is refused here.</summary>
    /// <param name="source">The images.</param>
    /// <param name="directory">The output, a local folder; it is created.</param>
    /// <param name="options">How to convert; <see langword="null"/> for the defaults.</param>
    /// <returns>The converter.</returns>
    /// <exception cref="ArgumentException">The output is a URL, or a hash does not exist.</exception>
    /// <exception cref="NotSupportedException">The machine has no codec for the compression.</exception>
    /// <exception cref="StorageException">The output holds something else and may not be overwritten, is in use, or cannot be
    /// written.</exception>
    public static ImageFolderConverter Open(ImageFolder source, string directory, ImageFolderConverterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (ObjectStoreLocation.GetScheme(directory) is { } scheme)
        {
            throw new ArgumentException(
                $"Conversions write to local folders, not to '{scheme}://' locations. Upload the folder afterwards.", nameof(directory));
        }

        options ??= ImageFolderConverterOptions.Default;
        foreach (var name in options.Hashes)
        {
            ShardHashes.Create(name).Dispose();
        }

        _ = options.Compression?.Codec;
        var output = Path.GetFullPath(directory);
        var plan = new ConversionPlan(source, options);
        return new ImageFolderConverter(plan, output, ConversionOutput.Prepare(output, plan));
    }

    /// <summary>Converts a folder from beginning to end.</summary>
    /// <param name="source">The images.</param>
    /// <param name="directory">The output, a local folder; it is created.</param>
    /// <param name="options">How to convert; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Is told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Interrupts the conversion; the same call continues it.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ArgumentException">The output is a URL, or a hash does not exist.</exception>
    /// <exception cref="NotSupportedException">The machine has no codec for the compression.</exception>
    /// <exception cref="StorageException">A file cannot be read or written, or the output holds something else.</exception>
    /// <exception cref="SampleDecodeException">A file is damaged or of another format, and such files are not to be skipped.</exception>
    public static async Task<ImageFolderConversion> ConvertAsync(
        ImageFolder source,
        string directory,
        ImageFolderConverterOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var converter = Open(source, directory, options);
        var made = await converter.RunAsync(progress, cancellationToken).ConfigureAwait(false);
        converter.Complete();
        return made;
    }

    /// <summary>Writes the shards that are not there yet and publishes the index.</summary>
    /// <param name="progress">Is told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Interrupts the conversion; another converter with the same arguments continues it.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="StorageException">A file cannot be read or written, or no image is left.</exception>
    /// <exception cref="SampleDecodeException">A file is damaged or of another format, and such files are not to be skipped.</exception>
    public async Task<ImageFolderConversion> RunAsync(
        IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var earlier = _journal.Entries.SelectMany(static entry => entry.Skipped).ToImmutableArray();
        var meter = new ProgressMeter(progress, new ConversionProgress(Resumed, _plan.Count, earlier.Length, 0), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shards = CreateSequence(meter, stop.Token);
        ImmutableArray<SkippedImage> skipped;
        try
        {
            skipped = await WriteShardsAsync(shards, meter, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await shards.AbandonAsync().ConfigureAwait(false);
            throw;
        }

        var index = new DatasetIndex(shards.Shards);
        if (index.SampleCount == 0)
        {
            throw new StorageException(
                StorageErrorKind.NotFound,
                _plan.Source.Directory,
                $"None of the {_plan.Count} files in '{_plan.Source.Directory}' could be stored; the first: "
                + $"'{skipped[0].Path}': {skipped[0].Reason}");
        }

        Publish(index);
        meter.Complete();
        return new ImageFolderConversion
        {
            Directory = Directory,
            Index = index,
            Classes = _plan.Source.Classes,
            Skipped = [.. earlier, .. skipped],
            Resumed = Resumed,
        };
    }

    /// <summary>Forgets that the conversion could be continued: deletes the journal. For several outputs that belong together, call it
    /// when all are made.</summary>
    public void Complete() => _journal.Complete();

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    private ShardSequence CreateSequence(ProgressMeter meter, CancellationToken cancellationToken)
    {
        var schema = new ShardSchema(ShardFormats.Mds, _plan.Columns);
        var writing = new DatasetWriterOptions
        {
            Compression = _plan.Options.Compression,
            Hashes = _plan.Hashes,
            SizeLimit = _plan.Options.SizeLimit,
        };
        return new ShardSequence(
            Directory,
            _journal,
            () => new ConversionShard(schema, writing),
            Math.Min(_plan.Options.Workers, MostShardsAtATime),
            bytes => meter.Add(0, 0, bytes),
            cancellationToken);
    }

    private async Task<ImmutableArray<SkippedImage>> WriteShardsAsync(
        ShardSequence shards, ProgressMeter meter, CancellationToken cancellationToken)
    {
        using var facts = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var ordinal = 0; ordinal < _journal.Next; ordinal++)
        {
            _plan.AppendFacts(facts, ordinal);
        }

        var skipped = ImmutableArray.CreateBuilder<SkippedImage>();
        var skippedBeforeCut = 0;
        var next = _journal.Next;
        var samples = OrderedPipeline.SelectAsync(
            next,
            _plan.Count,
            _plan.Options.Workers,
            window: 4 * _plan.Options.Workers,
            () => new ImageSampleReader(_plan),
            (reader, ordinal) => reader.Read(_plan.ImageAt(ordinal)),
            cancellationToken);
        await foreach (var sample in samples.ConfigureAwait(false))
        {
            if (sample.Skipped is { } leftOut)
            {
                skipped.Add(leftOut);
            }
            else
            {
                if (!shards.Fits(sample.Bytes.Length))
                {
                    await CutAsync().ConfigureAwait(false);
                }

                shards.Add(sample.Bytes);
                sample.Return();
            }

            _plan.AppendFacts(facts, next++);
            meter.Add(1, sample.Skipped is null ? 0 : 1, 0);
        }

        await CutAsync().ConfigureAwait(false);
        await shards.FinishAsync().ConfigureAwait(false);
        return skipped.ToImmutable();

        async Task CutAsync()
        {
            var since = skipped.ToArray()[skippedBeforeCut..];
            skippedBeforeCut = skipped.Count;
            await shards.CutAsync(next, Convert.ToHexStringLower(facts.GetCurrentHash()), [.. since]).ConfigureAwait(false);
        }
    }

    private void Publish(DatasetIndex index)
    {
        var classes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(classes))
        {
            json.WriteStartArray();
            foreach (var name in _plan.Source.Classes)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        LocalFiles.Publish(Path.Combine(Directory, ConversionOutput.ClassesFileName), classes.WrittenSpan);
        OutputDirectory.Continue(Directory).WriteIndex(index);
    }
}
