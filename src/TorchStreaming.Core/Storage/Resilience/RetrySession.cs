// SPDX-License-Identifier: MIT

using System.Globalization;
using Microsoft.Extensions.Logging;

namespace TorchStreaming.Storage;

/// <summary>The attempts of one call: counts them, bounds their time, waits between them. Not thread-safe.</summary>
/// <remarks>A body must not only keep coming but get on: <see cref="LeastBytes"/> within <see cref="SlowestStalls"/> stall bounds. What the
/// reader does between its reads does not count.</remarks>
internal sealed class RetrySession(
    RetryPolicy policy, TimeProvider timeProvider, ILogger logger, Action<StorageException>? failed = null)
{
    /// <summary>So many bytes, or the end, must come before the patience with a trickle ends.</summary>
    public const int LeastBytes = 1 << 20;

    /// <summary>The patience with a trickle, in stall bounds.</summary>
    public const int SlowestStalls = 10;

    // Half a second of jitter, as upstream: it spreads the processes that failed together.
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(0.5);

    private readonly long _start = timeProvider.GetTimestamp();
    private readonly ReadCancellation _reads = new(policy.StallTimeout, timeProvider);
    private int _failures;
    private TimeSpan _waited;
    private long _received;

    /// <summary>Makes one attempt with the stall bound.</summary>
    public async ValueTask<T> AttemptAsync<T, TState>(
        string location, TState state, Func<TState, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        // Sources of its own, not those of reads: what an attempt opens may keep its token, and a later stall is not its end.
        using var stall = new CancellationTokenSource(policy.StallTimeout, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            return await attempt(state, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            // The caller gets its own token back, not the linked one; whatever else was canceled ran out of time.
            cancellationToken.ThrowIfCancellationRequested();
            throw GetStall(location, error);
        }
    }

    /// <summary>Makes attempts until one succeeds or the policy says stop.</summary>
    public async ValueTask<T> RunAsync<T, TState>(
        string location, TState state, Func<TState, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await AttemptAsync(location, state, attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (StorageException error)
            {
                await WaitAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads from a body with the stall bound and the bound of a trickle.</summary>
    /// <param name="location">What messages call the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="cancellationToken">The read's token.</param>
    /// <param name="openingToken">The token of the call that opened the body, where that ends reads too.</param>
    public async ValueTask<int> ReadAsync(
        string location, Stream body, Memory<byte> buffer, CancellationToken cancellationToken, CancellationToken openingToken = default)
    {
        var start = timeProvider.GetTimestamp();
        int read;
        try
        {
            read = await body.ReadAsync(buffer, _reads.Begin(cancellationToken, openingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            openingToken.ThrowIfCancellationRequested();
            throw GetStall(location, error);
        }
        finally
        {
            _reads.End();
        }

        _waited += timeProvider.GetElapsedTime(start);
        _received += read;
        if (_received >= LeastBytes)
        {
            ResetPace();
        }
        else if (read > 0 && _waited > policy.StallTimeout * SlowestStalls)
        {
            throw GetTrickle(location);
        }

        return read;
    }

    /// <summary>Says that an attempt ran out of time.</summary>
    public StorageException GetStall(string location, Exception? error)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"'{location}' gave no answer and no byte for {policy.StallTimeout.TotalSeconds} s.");
        return new StorageException(StorageErrorKind.Timeout, location, text, error);
    }

    /// <summary>Waits after a failed attempt, or throws when there is to be no further one.</summary>
    public async ValueTask WaitAsync(StorageException error, CancellationToken cancellationToken)
    {
        _failures++;
        ResetPace();
        failed?.Invoke(error);
        var elapsed = timeProvider.GetElapsedTime(_start);
        if (!error.IsTransient)
        {
            throw Conclude(error, elapsed);
        }

        // No secret, and nothing that is delivered depends on it: this is back-off.
#pragma warning disable CA5394, RS0030
        var delay = policy.GetDelay(_failures) + (Random.Shared.NextDouble() * Jitter);
#pragma warning restore CA5394, RS0030
        if (error.RetryAfter is { } asked && asked > delay)
        {
            delay = asked;
        }

        if (_failures >= policy.Attempts || elapsed + delay >= policy.TotalTimeout)
        {
            throw Conclude(error, elapsed);
        }

        Log.Retrying(logger, _failures + 1, error.Location, delay, error.Kind);
        StorageMetrics.Retries.Add(1);
        await Task.Delay(delay, timeProvider, cancellationToken).ConfigureAwait(false);
    }

    private StorageException GetTrickle(string location) => new(
        StorageErrorKind.Timeout,
        location,
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{location}' gave only {_received} bytes in {_waited.TotalSeconds:0} s; a read must bring {LeastBytes} in {SlowestStalls} times "
            + $"the stall bound of {policy.StallTimeout.TotalSeconds} s."));

    private void ResetPace() => (_waited, _received) = (TimeSpan.Zero, 0);

    // The first attempt's failure continues as it is; later ones say what was tried.
    private StorageException Conclude(StorageException error, TimeSpan elapsed) => _failures == 1
        ? error
        : new StorageException(
            error.Kind,
            error.Location,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{error.Message} Given up after {_failures} attempts in {elapsed.TotalSeconds:0.#} s."),
            error)
        {
            RetryAfter = error.RetryAfter,
        };
}
