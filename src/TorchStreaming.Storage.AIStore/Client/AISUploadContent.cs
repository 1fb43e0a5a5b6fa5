// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Net;
using System.Runtime.ExceptionServices;

namespace TorchStreaming.Storage;

/// <summary>The body of a write. Its last piece is sent only after the source has ended well, so that a source that fails publishes
/// nothing; a source that cannot be read again is sent once at most. One for each write, the legs share it.</summary>
internal sealed class AISUploadContent : HttpContent
{
    private const int PieceSize = 128 << 10;

    private readonly AISUpload _upload;

    public AISUploadContent(AISUpload upload)
    {
        _upload = upload;
        Headers.ContentType = new("application/octet-stream");
    }

    /// <summary>Gets how the source failed; null when it did not.</summary>
    public ExceptionDispatchInfo? SourceError { get; private set; }

    protected override bool TryComputeLength(out long length)
    {
        length = _upload.Length ?? 0;
        return _upload.Length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var pieces = (ArrayPool<byte>.Shared.Rent(PieceSize), ArrayPool<byte>.Shared.Rent(PieceSize));
        try
        {
            var held = await ReadAsync(pieces.Item1, isFirst: true, cancellationToken).ConfigureAwait(false);
            while (held > 0)
            {
                var next = await ReadAsync(pieces.Item2, isFirst: false, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(pieces.Item1.AsMemory(0, held), cancellationToken).ConfigureAwait(false);
                pieces = (pieces.Item2, pieces.Item1);
                held = next;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pieces.Item1);
            ArrayPool<byte>.Shared.Return(pieces.Item2);
        }
    }

    private async ValueTask<int> ReadAsync(byte[] piece, bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            if (isFirst)
            {
                _upload.Begin();
            }

            return await _upload.Source.ReadAsync(piece.AsMemory(0, PieceSize), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            SourceError = ExceptionDispatchInfo.Capture(error);
            throw;
        }
    }
}
