// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Reads many objects, or members of archives, in one answer where the cluster can, and one by one where it cannot.</summary>
/// <remarks>A cluster that fails in the middle of such an answer ends it as if it were whole, so the entries are counted and their names
/// compared: what is not there is asked for once more together, then one by one, and so is what the cluster says is missing. Thread-safe.
/// Mirrors <c>aistore.sdk.Batch</c>, which counts nothing.</remarks>
public static class AISBatchReader
{
    private const string MissingMark = "__404__/";

    /// <summary>Reads the items.</summary>
    /// <param name="items">What to read.</param>
    /// <param name="missing">What to do with items that do not exist.</param>
    /// <param name="colocate">Whether the cluster looks for the target that owns most of the items.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The bytes of each item, in order; <see langword="null"/> for one to be left out.</returns>
    /// <exception cref="StorageException">An item could not be read.</exception>
    public static async Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(
        IReadOnlyList<AISBatchItem> items,
        AISMissingObjects missing = AISMissingObjects.Throw,
        bool colocate = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var received = new List<byte[]?>(items.Count);
        for (var attempt = 0; attempt < 2 && received.Count < items.Count; attempt++)
        {
            var left = items.Skip(received.Count).ToList();
            await ReadTogetherAsync(left, colocate, received, cancellationToken).ConfigureAwait(false);
        }

        var results = new ReadOnlyMemory<byte>?[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            results[i] = i < received.Count && received[i] is { } bytes
                ? bytes
                : await ReadAloneAsync(items[i], missing, cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    /// <summary>Reads as many items from the front as the cluster gives; null stands for what it says is missing.</summary>
    private static async Task ReadTogetherAsync(
        List<AISBatchItem> items, bool colocate, List<byte[]?> received, CancellationToken cancellationToken)
    {
        try
        {
            var request = new AISBatchRequest(items) { Colocate = colocate };
            var stream = await items[0].Object.Bucket.Client.OpenBatchAsync(request, cancellationToken).ConfigureAwait(false);
            var tar = new TarStreamReader(stream, request.Location);
            await using (tar.ConfigureAwait(false))
            {
                foreach (var item in items)
                {
                    if (!await tar.MoveNextAsync(cancellationToken).ConfigureAwait(false) || !Belongs(tar.Name, item, out var isMissing))
                    {
                        return;
                    }

                    received.Add(isMissing ? null : await TarMember.ReadAsync(tar, request.Location, cancellationToken).ConfigureAwait(false));
                }
            }
        }
        catch (Exception error) when (error is StorageException or ShardFormatException)
        {
            // Whatever ended the answer, each read that is left says for itself how it fails.
        }
    }

    private static bool Belongs(ReadOnlySpan<byte> name, AISBatchItem item, out bool isMissing)
    {
        var text = Encoding.UTF8.GetString(name);
        isMissing = text.StartsWith(MissingMark, StringComparison.Ordinal);
        var expected = $"{item.Object.Bucket.Name}/{item.Object.Name}";
        return isMissing || text == (item.ArchivePath is { } path ? $"{expected}/{path.TrimStart('/')}" : expected);
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadAloneAsync(
        AISBatchItem item, AISMissingObjects missing, CancellationToken cancellationToken)
    {
        try
        {
            return await item.Object.ReadAsync(new AISReadOptions { ArchivePath = item.ArchivePath, Range = item.Range }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NotFound && missing != AISMissingObjects.Throw)
        {
            // A plain null would become memory without bytes.
            return missing == AISMissingObjects.Empty ? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?);
        }
    }
}
