// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Turns raw data into a dataset of MDS shards or tars. Which columns it has is told by the kind of <see cref="RawSource"/>.</summary>
/// <remarks>
/// <para>The output is the same whatever the number of workers, and whether or not the conversion was interrupted and continued: a journal
/// in the
/// output names the complete shards. The index is published last, so an unfinished output is never mistaken for a dataset.</para>
/// <para>Call <see cref="RunAsync"/> once, then <see cref="Complete"/>. One conversion at a time uses an output; others are refused.</para>
/// <para>Mirrors the scripts below <c>streaming/vision/convert</c>, <c>streaming/text/convert</c> and
/// <c>streaming/multimodal/convert</c>.</para>
/// </remarks>
public sealed class RawConverter : IDisposable
{
    /// <summary>How many shards may be compressed and written at a time; each is held in memory.</summary>
    private const int MostShardsAtATime = 4;

    private readonly ConversionPlan _plan;
    private readonly ConversionJournal _journal;

    private RawConverter(ConversionPlan plan, string directory, ConversionJournal journal)
    {
        _plan = plan;
        _journal = journal;
        Directory = directory;
    }

    /// <summary>Gets the full path of the output.</summary>
    public string Directory { get; }

    /// <summary>Gets how many samples an earlier, interrupted run has already dealt with.</summary>
    public long Resumed => _journal.Next;

    /// <inheritdoc/>
    public override string ToString() => $"Converter of {_plan.Source} to {Directory}";

    /// <summary>Makes the output ready: everything that can be refused is refused here.</summary>
    /// <param name="source">The raw data.</param>
    /// <param name="directory">The output, a local folder; it is created.</param>
    /// <param name="options">How to convert; <see langword="null"/> for
    /// <see cref="RawSource.DefaultOptions"/>.</param>
    /// <returns>The converter.</returns>
    /// <exception cref="ArgumentException">The output is a URL, a hash does not exist, or the data cannot be shuffled.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold the
    /// columns.</exception>
    /// <exception cref="StorageException">The output holds something else and may not be overwritten, is in use, or cannot be
    /// written.</exception>
    public static RawConverter Open(RawSource source, string directory, RawConverterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (ObjectStoreLocation.GetScheme(directory) is { } scheme)
        {
            throw new ArgumentException(
                $"Conversions write to local folders, not to '{scheme}://' locations. Upload the folder afterward.", nameof(directory));
        }

        options ??= source.DefaultOptions;
        foreach (var name in options.Hashes)
        {
            ShardHashes.Create(name).Dispose();
        }

        _ = options.CompressionScheme?.Codec;
        var output = Path.GetFullPath(directory);
        var plan = new ConversionPlan(source, options);
        return new RawConverter(plan, output, ConversionOutput.Prepare(output, plan));
    }

    /// <summary>Converts from beginning to end.</summary>
    /// <param name="source">The raw data.</param>
    /// <param name="directory">The output, a local folder; it is created.</param>
    /// <param name="options">How to convert; <see langword="null"/> for
    /// <see cref="RawSource.DefaultOptions"/>.</param>
    /// <param name="progress">Is told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Interrupts the conversion; the same call continues it.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ArgumentException">The output is a URL, a hash does not exist, or the data cannot be shuffled.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold the
    /// columns.</exception>
    /// <exception cref="StorageException">A file cannot be read or written, or the output holds something else.</exception>
    /// <exception cref="SampleDecodeException">An item is damaged or not of the expected format, and such items are not to be
    /// skipped.</exception>
    public static async Task<RawConversion> ConvertAsync(
        RawSource source,
        string directory,
        RawConverterOptions? options = null,
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
    /// <exception cref="StorageException">A file cannot be read or written, or no sample is left.</exception>
    /// <exception cref="SampleDecodeException">An item is damaged or not of the expected format, and such items are not to be
    /// skipped.</exception>
    public async Task<RawConversion> RunAsync(
        IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var earlier = _journal.Entries.SelectMany(static entry => entry.Skipped).ToImmutableArray();
        var meter = new ProgressMeter(progress, new ConversionProgress(Resumed, _plan.Count ?? 0, earlier.Length, 0), TimeProvider.System);
        var shards = CreateSequence(meter, cancellationToken);
        ImmutableArray<DatasetProblem> skipped;
        try
        {
            skipped = await WriteShardsAsync(shards, meter, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await shards.AbandonAsync().ConfigureAwait(false);
            throw;
        }

        var index = new DatasetIndex(shards.Shards);
        if (index.SampleCount == 0)
        {
            throw NothingLeft(skipped);
        }

        Publish(index);
        meter.Complete();
        return new RawConversion
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
        var writing = new DatasetWriterOptions
        {
            Compression = _plan.Options.Compression,
            Hashes = _plan.Hashes,
            SizeLimit = _plan.Options.SizeLimit,
        };
        return new ShardSequence(
            Directory,
            _journal,
            () => new ConversionShard(_plan.Form, writing),
            Math.Min(_plan.Options.Workers, MostShardsAtATime),
            bytes => meter.Add(0, 0, bytes),
            cancellationToken);
    }

    private async Task<ImmutableArray<DatasetProblem>> WriteShardsAsync(
        ShardSequence shards, ProgressMeter meter, CancellationToken cancellationToken)
    {
        using var facts = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var ordinal = 0; ordinal < _journal.Next; ordinal++)
        {
            _plan.AppendFacts(facts, ordinal);
        }

        var skipped = ImmutableArray.CreateBuilder<DatasetProblem>();
        var skippedBeforeCut = 0;
        var next = _journal.Next;
        var samples = OrderedPipeline.SelectAsync(
            _plan.ItemsAsync(next, cancellationToken),
            _plan.Options.Workers,
            window: 4 * _plan.Options.Workers,
            _plan.Source.CreateReader,
            static (reader, item) => reader.Read(item),
            cancellationToken);
        await foreach (var sample in samples.ConfigureAwait(false))
        {
            if (sample.Refused is { } refused)
            {
                skipped.Add(_plan.Options.OnError == SampleErrorPolicy.Skip ? refused.ToSkipped() : throw refused.ToException());
            }
            else
            {
                var encoded = _plan.Form.Encode(sample.Bytes, _plan.ItemAt(next));
                if (!shards.Fits(encoded.Length))
                {
                    await CutAsync().ConfigureAwait(false);
                }

                shards.Add(encoded.Span);
                sample.Return();
            }

            _plan.AppendFacts(facts, next++);
            meter.Add(1, sample.Refused is null ? 0 : 1, 0);
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

    private StorageException NothingLeft(ImmutableArray<DatasetProblem> skipped)
    {
        var location = _plan.Source.Location;
        var first = skipped.IsEmpty ? "there is nothing in it." : $"the first: '{skipped[0].File}': {skipped[0].Problem}";
        return new StorageException(
            StorageErrorKind.NotFound, location, $"None of the {skipped.Length} items in '{location}' could be stored; {first}");
    }

    private void Publish(DatasetIndex index)
    {
        if (!_plan.Source.Classes.IsEmpty)
        {
            PublishClasses();
        }

        OutputDirectory.Continue(Directory).WriteIndex(index);
    }

    private void PublishClasses()
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
    }
}
