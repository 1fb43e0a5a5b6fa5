// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Gives the bytes of an arriving file and lets them pass its check.</summary>
/// <param name="file">The bytes; not owned.</param>
/// <param name="verifier">Their check; not owned.</param>
internal sealed class VerifyingStream(ArrivingFile file, FileVerifier verifier) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        verifier.Append(buffer.Span[..read]);
        return read;
    }

    /// <summary>Lets the bytes that nobody has read pass.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FileDownloader.ChunkSize);
        try
        {
            while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}
