// SPDX-License-Identifier: MIT

using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;

namespace TorchStreaming.Storage;

/// <summary>Tokens of Microsoft Entra, kept until shortly before they end.</summary>
internal sealed class AzureEntraToken : AzureAuthorization
{
    private static readonly TokenRequestContext Context = new(["https://storage.azure.com/.default"]);

    private readonly Func<TokenCredential> _open;
    private readonly bool _mayBeAnonymous;
    private readonly AccessTokenCache _tokens;
    private readonly TimeProvider _time;
    private TokenCredential? _credential;
    private volatile bool _isAnonymous;

    /// <param name="open">Makes the credential at the first request.</param>
    /// <param name="mayBeAnonymous">Whether having none means a public container.</param>
    /// <param name="time">The clock.</param>
    public AzureEntraToken(Func<TokenCredential> open, bool mayBeAnonymous, TimeProvider time)
    {
        _open = open;
        _mayBeAnonymous = mayBeAnonymous;
        _time = time;
        _tokens = new AccessTokenCache(FetchAsync, time);
    }

    public override bool IsAnonymous => _isAnonymous;

    public override async ValueTask AuthorizeAsync(HttpRequestMessage request, string location, CancellationToken cancellationToken)
    {
        try
        {
            if (await _tokens.GetAsync(cancellationToken).ConfigureAwait(false) is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }
        }
        catch (AuthenticationFailedException error)
        {
            throw new StorageException(
                StorageErrorKind.Unauthenticated,
                location,
                $"Could not get a token for '{location}'. Set AZURE_CLIENT_ID and what belongs to it, sign in with 'az login', or "
                    + "give a key or signature.",
                error);
        }
    }

    public override void Dispose()
    {
        _tokens.Dispose();
        base.Dispose();
    }

    private async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            _credential ??= _open();
            var token = await _credential.GetTokenAsync(Context, cancellationToken).ConfigureAwait(false);
            _isAnonymous = false;
            return new AccessToken(token.Token, token.ExpiresOn);
        }
        catch (CredentialUnavailableException) when (_mayBeAnonymous)
        {
            // Nothing on this machine knows an account: the container is meant to be public. Asked again in a while.
            _isAnonymous = true;
            return new AccessToken(null, _time.GetUtcNow() + TimeSpan.FromMinutes(10));
        }
    }
}
