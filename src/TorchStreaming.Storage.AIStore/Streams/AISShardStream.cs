// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Datasets;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Reads samples out of tar shards, each shard with one call.</summary>
/// <remarks>A transform is applied to the shard and must give a tar. Shards that end in <c>.tgz</c>, <c>.tar.gz</c> and the like are
/// unpacked on the way; the reference reads plain tars alone. A shard that is damaged or cut off is an error even after good members,
/// where the reference ends without a word. By AIStore's rule a sample is complete only at its shard's end, so a shard is held in memory and
/// the next one is read meanwhile. By WebDataset's rule samples are given while their shard arrives, up to
/// <see cref="AISStreamOptions.Prefetch"/> of them ahead, so memory is bounded; a shard that turns out damaged is an error after samples
/// already given, and a field counts as seen from its first sample on. Mirrors <c>aistore.pytorch.AISShardReader</c>.</remarks>
/// <param name="sources">The sources of shards: buckets or groups of objects, at least one.</param>
/// <param name="options">How to read; <see langword="null"/> for the defaults.</param>
/// <exception cref="ArgumentException">There is no source.</exception>
internal sealed class AISShardStream(IReadOnlyList<AISSource> sources, AISStreamOptions? options = null)
    : AISSampleStream<AISShardSample>(sources, options)
{
    private readonly AISSeenFields _seen = new(options?.Fields ?? []);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SeenFields => _seen.Names;

    /// <inheritdoc/>
    protected override IAsyncEnumerable<(AISMaybe<AISShardSample> Sample, bool EndsObject)> ReadSamplesAsync(
        IAsyncEnumerable<AISObject> objects, long skip, CancellationToken cancellationToken) =>
        Options.KeyRule == TarKeyRule.WebDataset
            ? ReadAsTheyComeAsync(objects, skip, cancellationToken)
            : ReadShardByShardAsync(objects, skip, cancellationToken);

    /// <inheritdoc/>
    protected override void Restore(AISStreamState state) => _seen.Add(state.Fields);

    private async IAsyncEnumerable<(AISMaybe<AISShardSample> Sample, bool EndsObject)> ReadShardByShardAsync(
        IAsyncEnumerable<AISObject> objects, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shards = OrderedPrefetch.ReadAsync(objects, ReadShardAsync, 2, cancellationToken);
        await foreach (var shard in shards.ConfigureAwait(false))
        {
            // Fields are seen when a shard's turn comes, not when it was read ahead.
            _seen.Add(shard.Fields);
            for (var i = (int)Math.Min(skip, shard.Samples.Count); i < shard.Samples.Count; i++)
            {
                var (key, fields) = shard.Samples[i];
                yield return (Make(shard.Name, i, key, fields), i == shard.Samples.Count - 1);
            }

            if (skip >= shard.Samples.Count)
            {
                yield return (default, true);
            }

            skip = 0;
        }
    }

    private async Task<AISShard> ReadShardAsync(AISObject item, CancellationToken cancellationToken)
    {
        if (await OpenAsync(item, cancellationToken).ConfigureAwait(false) is not { } content)
        {
            return new AISShard(item.Name, [], []);
        }

        await using var contentDisposal = content.ConfigureAwait(false);
        var tar = ReadTar(item, content);
        await using var tarDisposal = tar.ConfigureAwait(false);
        var shard = await AISShard.ReadAsync(tar, item.Name, item.ToString(), cancellationToken).ConfigureAwait(false);
        await CheckAsync(content, cancellationToken).ConfigureAwait(false);
        return shard;
    }

    private async IAsyncEnumerable<(AISMaybe<AISShardSample> Sample, bool EndsObject)> ReadAsTheyComeAsync(
        IAsyncEnumerable<AISObject> objects, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var samples = ReadAhead.Of(token => ReadNeighborsAsync(objects, skip, token), Options.Prefetch, cancellationToken);
        await foreach (var (shard, place, sample) in samples.ConfigureAwait(false))
        {
            if (sample is null)
            {
                yield return (default, true);
                continue;
            }

            _seen.Add(sample.Fields);
            var fields = sample.Fields.Select(field => KeyValuePair.Create(field, sample[field]));
            yield return (Make(shard, place, sample.Key, fields), false);
        }
    }

    /// <summary>Reads samples while their shards arrive; none stands for a shard's end.</summary>
    private async IAsyncEnumerable<(string Shard, long Place, TarSample? Sample)> ReadNeighborsAsync(
        IAsyncEnumerable<AISObject> objects, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = skip;
        await foreach (var item in objects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (await OpenAsync(item, cancellationToken).ConfigureAwait(false) is { } content)
            {
                await using var contentDisposal = content.ConfigureAwait(false);
                var tar = ReadTar(item, content);
                await using var tarDisposal = tar.ConfigureAwait(false);
                var reader = new TarSampleReader(tar, item.ToString(), new TarOptions { KeyRule = TarKeyRule.WebDataset });
                var place = 0L;
                var isWanted = new Func<long, bool>(place => place >= first);
                await foreach (var sample in reader.ReadAsync(isWanted, cancellationToken).ConfigureAwait(false))
                {
                    if (sample is not null)
                    {
                        yield return (item.Name, place, sample);
                    }

                    place++;
                }

                await CheckAsync(content, cancellationToken).ConfigureAwait(false);
            }

            first = 0;
            yield return (item.Name, 0, null);
        }
    }

    private AISMaybe<AISShardSample> Make(
        string shard, long place, string key, IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> fields)
    {
        Options.Progress?.Report(new AISProgress(shard + Options.Worker.Label, place + 1));
        return new(new AISShardSample(key, new ZeroDict(fields, _seen.Names)));
    }

    private async ValueTask<ObjectContent?> OpenAsync(AISObject item, CancellationToken cancellationToken)
    {
        try
        {
            var read = new AISReadOptions { EtlName = Options.EtlName, EtlArguments = Options.EtlArguments };
            return await item.OpenReadAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (
            error.Kind == StorageErrorKind.NotFound && Options.MissingObjects != AISMissingObjects.Throw)
        {
            return null;
        }
    }

    private TarStreamReader ReadTar(AISObject item, ObjectContent content)
    {
        // A transform gives a plain tar, whatever the shard's name says.
        var plain = Options.EtlName is null ? TarCompression.Decompress(content.Stream, item.Name) : content.Stream;
        return new TarStreamReader(plain, item.ToString(), leaveOpen: plain == content.Stream);
    }

    private static async ValueTask CheckAsync(ObjectContent content, CancellationToken cancellationToken)
    {
        if (content.Info.Size >= 0)
        {
            // The object is compared with its checksum at its last byte, which may be after the tar's end mark.
            await content.Stream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }
    }
}
