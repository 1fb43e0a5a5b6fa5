// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Reads whole objects, many in one call (<see cref="AISBatchReader"/>): faster where objects are small.</summary>
/// <remarks>Mirrors <c>aistore.pytorch.AISBatchIterDataset</c>. Transforms cannot be applied to batches.</remarks>
internal sealed class AISBatchStream : AISSampleStream<AISItem>
{
    private readonly int _maxBatchSize;
    private readonly bool _colocate;

    /// <summary>Creates the reader; no I/O is done yet.</summary>
    /// <param name="sources">The sources: buckets or groups of objects, at least one.</param>
    /// <param name="options">How to read; <see langword="null"/> for the defaults.</param>
    /// <param name="maxBatchSize">How many objects one call asks for; it has nothing to do with the batches of training.</param>
    /// <param name="colocate">Whether the cluster looks for the target that owns most of a batch.</param>
    /// <exception cref="ArgumentException">There is no source, or a transform is asked for.</exception>
    public AISBatchStream(
        IReadOnlyList<AISSource> sources, AISStreamOptions? options = null, int maxBatchSize = 32, bool colocate = false)
        : base(sources, options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatchSize, 1);
        if (Options.EtlName is not null)
        {
            throw new ArgumentException("A cluster does not transform objects that are read in batches. Read them one by one.", nameof(options));
        }

        _maxBatchSize = maxBatchSize;
        _colocate = colocate;
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<(AISMaybe<AISItem> Sample, bool EndsObject)> ReadSamplesAsync(
        IAsyncEnumerable<AISObject> objects, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = 0L;
        var batches = OrderedPrefetch.ReadAsync(BatchAsync(objects, cancellationToken), ReadAsync, 2, cancellationToken);
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            foreach (var item in batch)
            {
                Options.Progress?.Report(new AISProgress(nameof(AISBatchStream) + Options.Worker.Label, ++done));
                yield return (item, true);
            }
        }
    }

    private async IAsyncEnumerable<List<AISObject>> BatchAsync(
        IAsyncEnumerable<AISObject> objects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new List<AISObject>();
        await foreach (var item in objects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            batch.Add(item);
            if (batch.Count == _maxBatchSize)
            {
                yield return batch;
                batch = [];
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async Task<List<AISMaybe<AISItem>>> ReadAsync(List<AISObject> batch, CancellationToken cancellationToken)
    {
        var contents = await AISBatchReader.ReadAsync(
            batch.ConvertAll(static item => new AISBatchItem(item)), Options.MissingObjects, _colocate, cancellationToken)
            .ConfigureAwait(false);
        return [.. batch.Zip(contents, static (item, content) =>
            content is { } bytes ? new AISMaybe<AISItem>(new AISItem(item.Name, bytes)) : default)];
    }
}
