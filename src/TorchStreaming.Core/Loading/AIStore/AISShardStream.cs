// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Loading;

/// <summary>Reads samples out of tar shards, each shard with one call.</summary>
/// <remarks>A transform is applied to the shard and must give a tar. Shards that end in <c>.tgz</c>, <c>.tar.gz</c> and the like are
/// unpacked on the way; the reference reads plain tars alone. A shard that is damaged or cut off is an error even behind good members,
/// where the reference ends without a word. Mirrors <c>aistore.pytorch.AISShardReader</c>.</remarks>
/// <param name="sources">The sources of shards: buckets or groups of objects, at least one.</param>
/// <param name="options">How to read; <see langword="null"/> for the defaults.</param>
/// <exception cref="ArgumentException">There is no source.</exception>
public sealed class AISShardStream(IReadOnlyList<AISSource> sources, AISStreamOptions? options = null)
    : AISSampleStream<AISShardSample>(sources, options)
{
    private readonly AISSeenFields _seen = new(options?.Fields ?? []);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SeenFields => _seen.Names;

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<(AISMaybe<AISShardSample> Sample, bool EndsObject)> ReadSamplesAsync(
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
                Options.Progress?.Report(new AISProgress(shard.Name + Options.Worker.Label, i + 1));
                yield return (new(new AISShardSample(key, new ZeroDict(fields, _seen.Names))), i == shard.Samples.Count - 1);
            }

            if (skip >= shard.Samples.Count)
            {
                yield return (default, true);
            }

            skip = 0;
        }
    }

    /// <inheritdoc/>
    protected override void Restore(AISStreamState state) => _seen.Add(state.Fields);

    private async Task<AISShard> ReadShardAsync(AISObject item, CancellationToken cancellationToken)
    {
        try
        {
            var read = new AISReadOptions { EtlName = Options.EtlName, EtlArguments = Options.EtlArguments };
            var content = await item.OpenReadAsync(read, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                var shard = await AISShard.ReadAsync(
                    content.Stream, item.Name, item.ToString(), Options.EtlName is not null, Options.KeyRule, cancellationToken)
                    .ConfigureAwait(false);
                if (content.Info.Size >= 0)
                {
                    // The object is compared with its checksum at its last byte, which may lie behind the tar's end mark.
                    await content.Stream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
                }

                return shard;
            }
        }
        catch (StorageException error) when (
            error.Kind == StorageErrorKind.NotFound && Options.MissingObjects != AISMissingObjects.Throw)
        {
            return new AISShard(item.Name, [], []);
        }
    }
}
