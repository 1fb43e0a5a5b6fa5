// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Ordering;
using TorchStreaming.Storage;

namespace TorchStreaming.Streams;

/// <summary>The objects of sources: sources in their order, prefixes in theirs, names in the server's. Thread-safe.</summary>
internal sealed class AISObjectList
{
    private readonly AISSource[] _sources;
    private readonly AISPrefixMap _prefixes;

    /// <param name="sources">The sources, at least one.</param>
    /// <param name="prefixes">Their prefixes.</param>
    /// <param name="reader">Who reads, for the message.</param>
    public AISObjectList(IReadOnlyList<AISSource> sources, AISPrefixMap prefixes, string reader)
    {
        if (sources is null || sources.Count == 0)
        {
            throw new ArgumentException($"<{reader}> aisSourceList must be provided: a bucket or a group of objects at least.", nameof(sources));
        }

        _sources = [.. sources];
        _prefixes = prefixes;
    }

    /// <summary>Gets the sources, in order.</summary>
    public IReadOnlyList<AISSource> Sources => _sources;

    /// <summary>Lists everything.</summary>
    public IAsyncEnumerable<AISObject> ReadAllAsync(CancellationToken cancellationToken) => ReadAsync(_sources, cancellationToken);

    /// <summary>Lists a share, in the order of an epoch.</summary>
    public IAsyncEnumerable<AISObject> ReadShareAsync(AISStreamOptions options, long epoch, CancellationToken cancellationToken)
    {
        var worker = options.Worker;
        if (options.PartitionSourcesByWorker && worker.ShareCount > 1)
        {
            var own = _sources.Where((_, i) => i % worker.ShareCount == worker.Share);
            var listed = ReadAsync(own, cancellationToken);
            return options.Shuffle ? ShuffleAsync(listed, options.Seed, epoch, cancellationToken) : listed;
        }

        var all = ReadAllAsync(cancellationToken);
        all = options.Shuffle ? ShuffleAsync(all, options.Seed, epoch, cancellationToken) : all;
        return worker.ShareCount > 1 ? DealAsync(all, worker, options.DropUneven, cancellationToken) : all;
    }

    private async IAsyncEnumerable<AISObject> ReadAsync(
        IEnumerable<AISSource> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            foreach (var prefix in _prefixes[source])
            {
                await foreach (var item in source.ListAllObjectsAsync(prefix, cancellationToken).ConfigureAwait(false))
                {
                    yield return item;
                }
            }
        }
    }

    private static async IAsyncEnumerable<AISObject> ShuffleAsync(
        IAsyncEnumerable<AISObject> objects, ulong seed, long epoch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new List<AISObject>();
        await foreach (var item in objects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            all.Add(item);
        }

        var generator = new NumpyGenerator(unchecked(seed + (ulong)epoch));
        generator.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
        foreach (var item in all)
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<AISObject> DealAsync(
        IAsyncEnumerable<AISObject> objects, AISWorker worker, bool dropUneven, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = 0L;
        AISObject? held = null;
        await foreach (var item in objects.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var place = position++ % worker.ShareCount;
            if (place == worker.Share)
            {
                held = item;
            }

            // An object is held back until every share has one of this round, where the last round may be uneven.
            if (held is not null && (!dropUneven || place == worker.ShareCount - 1))
            {
                yield return held;
                held = null;
            }
        }
    }
}
