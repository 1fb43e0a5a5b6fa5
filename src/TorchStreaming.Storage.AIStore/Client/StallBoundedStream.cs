// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A body whose every read has a stall bound and that must not trickle, for answers that cannot be resumed.</summary>
internal sealed class StallBoundedStream(Stream inner, RetrySession session, string location) : ReadOnlyStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => session.ReadAsync(
        location, inner, buffer, cancellationToken);

    protected override ValueTask CloseAsync() => inner.DisposeAsync();
}
