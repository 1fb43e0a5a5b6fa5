// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>Brings a budget back to its limit on the thread pool, once for all who ask meanwhile. Thread-safe.</summary>
internal sealed class BackgroundTrim
{
    private readonly Lock _lock = new();
    private Task _work = Task.CompletedTask;
    private bool _isRunning;
    private bool _isWanted;

    /// <summary>Gets a task that ends when there is no work.</summary>
    public Task WhenIdle
    {
        get
        {
            lock (_lock)
            {
                return _work;
            }
        }
    }

    /// <summary>Asks for one look after this moment.</summary>
    public void Request(CacheBudget budget)
    {
        lock (_lock)
        {
            _isWanted = true;
            if (!_isRunning)
            {
                _isRunning = true;
                _work = Task.Run(() => WorkAsync(budget));
            }
        }
    }

    private async Task WorkAsync(CacheBudget budget)
    {
        while (true)
        {
            lock (_lock)
            {
                if (!_isWanted)
                {
                    _isRunning = false;
                    return;
                }

                _isWanted = false;
            }

            await budget.TrimAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
