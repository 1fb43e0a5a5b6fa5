// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Reads the indexes that NVIDIA DALI's <c>wds2idx</c> made beside the tars, where they are. After the first one that is missing
/// no
/// others are looked for. Thread-safe.</summary>
internal sealed class DaliSidecars(IObjectStore store, TarKeyRule rule)
{
    private volatile bool _areMissing;

    /// <summary>Makes a table of a tar's index.</summary>
    /// <returns>The table, or <see langword="null"/> when there is no index or it does not say enough.</returns>
    public async ValueTask<(TarTableBuilder Table, byte[] Bytes)?> TryReadAsync(
        ObjectInfo tar, long maxBytes, CancellationToken cancellationToken)
    {
        if (_areMissing)
        {
            return null;
        }

        try
        {
            var name = DaliIndex.NameFor(tar.Key);
            var content = await store.OpenReadAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using var closing = content.ConfigureAwait(false);
            using var text = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (await content.Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                if (text.Length + count > maxBytes)
                {
                    return null;
                }

                text.Write(buffer, 0, count);
            }

            var table = new TarTableBuilder(name, rule);
            return DaliIndex.TryRead(text.GetBuffer().AsSpan(0, (int)text.Length), table)
                ? (table, table.ToArray(tar.Size, isForeign: true))
                : null;
        }
        catch (StorageException exception) when (exception.Kind is StorageErrorKind.NotFound or StorageErrorKind.PermissionDenied)
        {
            _areMissing = true;
            return null;
        }
    }
}
