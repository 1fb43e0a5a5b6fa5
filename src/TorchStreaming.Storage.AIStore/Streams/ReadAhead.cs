// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace TorchStreaming.Streams;

/// <summary>Enumerates in the background, some items ahead of the consumer.</summary>
internal static class ReadAhead
{
    /// <summary>Gives the items of a sequence in its order. A failure surfaces after the items before it.</summary>
    /// <param name="source">Makes the sequence; its token ends when the consumer stops.</param>
    /// <param name="capacity">How many items wait at most.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public static async IAsyncEnumerable<T> Of<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, int capacity, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(() => PumpAsync(source, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }

    private static async Task PumpAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, ChannelWriter<T> output, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in source(cancellationToken).ConfigureAwait(false))
            {
                await output.WriteAsync(item, cancellationToken).ConfigureAwait(false);
            }

            output.Complete();
        }
        catch (Exception exception)
        {
            output.Complete(exception);
        }
    }
}
