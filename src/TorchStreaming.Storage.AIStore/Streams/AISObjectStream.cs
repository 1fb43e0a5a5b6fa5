// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Reads whole objects, one call for each.</summary>
/// <remarks>Mirrors <c>aistore.pytorch.AISIterDataset</c>, with <see cref="AISStreamOptions.Prefetch"/> calls under way at a time.</remarks>
/// <param name="sources">The sources: buckets or groups of objects, at least one.</param>
/// <param name="options">How to read; <see langword="null"/> for the defaults.</param>
/// <exception cref="ArgumentException">There is no source.</exception>
internal sealed class AISObjectStream(IReadOnlyList<AISSource> sources, AISStreamOptions? options = null)
    : AISSampleStream<AISItem>(sources, options)
{
    /// <inheritdoc/>
    protected override async IAsyncEnumerable<(AISMaybe<AISItem> Sample, bool EndsObject)> ReadSamplesAsync(
        IAsyncEnumerable<AISObject> objects, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = 0L;
        var items = OrderedPrefetch.ReadAsync(objects, ReadAsync, Options.Prefetch, cancellationToken);
        await foreach (var item in items.ConfigureAwait(false))
        {
            Options.Progress?.Report(new AISProgress(nameof(AISObjectStream) + Options.Worker.Label, ++done));
            yield return (item, true);
        }
    }

    private async Task<AISMaybe<AISItem>> ReadAsync(AISObject item, CancellationToken cancellationToken)
    {
        try
        {
            var read = new AISReadOptions { EtlName = Options.EtlName, EtlArguments = Options.EtlArguments };
            return new(new AISItem(item.Name, await item.ReadAsync(read, cancellationToken).ConfigureAwait(false)));
        }
        catch (StorageException error) when (
            error.Kind == StorageErrorKind.NotFound && Options.MissingObjects != AISMissingObjects.Throw)
        {
            return Options.MissingObjects == AISMissingObjects.Empty ? new(new AISItem(item.Name, default)) : default;
        }
    }
}
