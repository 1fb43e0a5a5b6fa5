// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Keeps a token until shortly before it ends; one caller fetches the next while the others wait.</summary>
internal sealed class AccessTokenCache : IDisposable
{
    /// <summary>A request that starts with a token must also end with it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(3);

    private readonly Func<CancellationToken, Task<AccessToken>> _fetch;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile AccessToken? _token;

    public AccessTokenCache(Func<CancellationToken, Task<AccessToken>> fetch, TimeProvider time)
    {
        _fetch = fetch;
        _time = time;
    }

    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (_token is { } kept && IsFresh(kept))
        {
            return kept.Value;
        }

        await _fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is not { } token || !IsFresh(token))
            {
                _token = token = await _fetch(cancellationToken).ConfigureAwait(false);
            }

            return token.Value;
        }
        finally
        {
            _fetching.Release();
        }
    }

    public void Dispose() => _fetching.Dispose();

    private bool IsFresh(AccessToken token) => token.ExpiresAt is not { } end || end - _time.GetUtcNow() > Margin;
}
