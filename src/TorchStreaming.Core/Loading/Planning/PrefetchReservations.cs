// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Loading;

/// <summary>Holds a walk back while the cache has no room for what it would ask for, and tells the cache what comes.</summary>
/// <remarks>The walk asks in the plan's order, and the batch that the consumer gets next never waits for room. So whatever the walk waits
/// for comes when the batches before have been handed out, if no lease ends sooner: it cannot wait indefinitely.</remarks>
internal sealed class PrefetchReservations(CacheBudget budget, EvictionForecast forecast)
{
    private long _next;

    /// <summary>Begins to tell the cache what comes.</summary>
    public void Open() => budget.AddForecast(forecast);

    /// <summary>Ends it.</summary>
    public void Close() => budget.RemoveForecast(forecast);

    /// <summary>Takes notice that a batch has entered the plan's window.</summary>
    public void Plan(long sequence) => forecast.MoveTo(sequence);

    /// <summary>Takes notice that a batch was handed out.</summary>
    public void Deliver(long sequence)
    {
        Volatile.Write(ref _next, sequence + 1);
        budget.SignalChange();
    }

    /// <summary>Waits for room for a shard.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <param name="sequence">The batch that needs it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The room, to be disposed when the shard is leased.</returns>
    public async ValueTask<IDisposable?> ReserveAsync(int shard, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Read before the look, so that no change is missed.
                var change = budget.WhenChanged;
                var isUrgent = Volatile.Read(ref _next) >= sequence;
                if (await budget.TryReserveAsync(shard, isUrgent, cancellationToken).ConfigureAwait(false) is { } reservation)
                {
                    return reservation;
                }

                await budget.AwaitChangeAsync(change, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TorchStreamingException)
        {
            // The directory cannot be used: the lease will say so, to the batch that it belongs to.
            return null;
        }
    }
}
