// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Diagnostics;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Reads the members of several sources' shards side by side: each step takes one member from each source, until one source ends.
/// Members of a shard come in the order of their names' bytes, so sources belong together if their members sort alike.</summary>
/// <remarks>Any archive that the cluster looks into will do: tar, tgz, zip, tar.lz4. Steps are dealt out to shares one by one, where the
/// reference gives every worker all of them. Not thread-safe. Mirrors <c>aistore.pytorch.AISMultiShardStream</c>.</remarks>
internal sealed class AISZipStream
{
    private readonly DataShard[] _sources;
    private readonly AISWorker _worker;
    private readonly int _prefetch;

    /// <summary>Creates the reader; no I/O is done yet.</summary>
    /// <param name="dataSources">The sources; none give nothing.</param>
    /// <param name="worker">The share of this reader; <see langword="null"/> for everything.</param>
    /// <param name="prefetch">How many steps are read ahead at a time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prefetch"/> is below 1.</exception>
    public AISZipStream(IReadOnlyList<DataShard> dataSources, AISWorker? worker = null, int prefetch = 8)
    {
        ArgumentNullException.ThrowIfNull(dataSources);
        ArgumentOutOfRangeException.ThrowIfLessThan(prefetch, 1);
        _sources = [.. dataSources];
        _worker = worker ?? AISWorker.Single;
        _prefetch = prefetch;
    }

    /// <summary>Gets the sources, in the order of each step.</summary>
    public IReadOnlyList<DataShard> Sources => _sources;

    /// <summary>Reads from the start.</summary>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The steps: the bytes of one member of each source, in the order of the sources.</returns>
    /// <exception cref="StorageException">A listing or a read failed.</exception>
    public IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadEpochAsync(CancellationToken cancellationToken = default) =>
        OrderedPrefetch.ReadAsync(StepsAsync(cancellationToken), ReadAsync, _prefetch, cancellationToken);

    /// <summary>Reads from the start on the caller's thread, which waits.</summary>
    /// <returns>The steps.</returns>
    public IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadEpoch() => BlockingEnumeration.Of(ReadEpochAsync());

    /// <summary>Counts the steps of this share, by going through the listings of all sources.</summary>
    /// <param name="cancellationToken">Ends the count.</param>
    /// <returns>The number of steps.</returns>
    /// <exception cref="StorageException">A listing failed.</exception>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        var count = 0L;
        await foreach (var step in StepsAsync(cancellationToken).ConfigureAwait(false))
        {
            count += step.Count > 0 ? 1 : 0;
        }

        return count;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Members of {Counted.Of(_sources.Length, "source")} side by side, share {_worker.Share} of {_worker.ShareCount}";

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        List<(AISObject Shard, string Path)> step, CancellationToken cancellationToken)
    {
        var contents = new ReadOnlyMemory<byte>[step.Count];
        for (var i = 0; i < contents.Length; i++)
        {
            contents[i] = await step[i].Shard.ReadAsync(new AISReadOptions { ArchivePath = step[i].Path }, cancellationToken)
                .ConfigureAwait(false);
        }

        return contents;
    }

    private async IAsyncEnumerable<List<(AISObject Shard, string Path)>> StepsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var members = Array.ConvertAll(_sources, source => MembersAsync(source, cancellationToken).GetAsyncEnumerator(cancellationToken));
        try
        {
            for (var position = 0L; members.Length > 0; position++)
            {
                var step = new List<(AISObject Shard, string Path)>(members.Length);
                foreach (var source in members)
                {
                    if (!await source.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }

                    step.Add(source.Current);
                }

                if (position % _worker.ShareCount == _worker.Share)
                {
                    yield return step;
                }
            }
        }
        finally
        {
            foreach (var source in members)
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async IAsyncEnumerable<(AISObject Shard, string Path)> MembersAsync(
        DataShard source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var shard in source.Bucket.ListAllObjectsAsync(source.Prefix, cancellationToken).ConfigureAwait(false))
        {
            await foreach (var member in source.Bucket.ListArchiveAsync(shard.Name, cancellationToken).ConfigureAwait(false))
            {
                yield return (shard, member.Name);
            }
        }
    }
}
