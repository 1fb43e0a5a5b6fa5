// SPDX-License-Identifier: MIT

using System.Net;

namespace TorchStreaming.Storage;

/// <summary>Sends calls to a proxy and on to the targets it names. One attempt; a further one starts at the proxy again, since redirects
/// are never remembered. Thread-safe.</summary>
internal sealed class AISTransport
{
    private readonly HttpMessageInvoker _invoker;
    private readonly AISClientOptions _options;
    private readonly AISTokenSource _token;
    private readonly string _root;

    /// <param name="options">Completed options.</param>
    /// <param name="token">The token.</param>
    public AISTransport(AISClientOptions options, AISTokenSource token)
    {
        _options = options;
        _token = token;
        _invoker = AISConnections.For(options);
        Endpoint = options.Endpoint!;
        _root = Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    public Uri Endpoint { get; }

    /// <summary>Sends a call.</summary>
    /// <returns>The successful answer, which the caller disposes.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    public async Task<HttpResponseMessage> SendAsync(AISRequest request, CancellationToken cancellationToken)
    {
        var token = GetToken(request);
        for (var hasAskedTwice = false; ; hasAskedTwice = true)
        {
            var (response, legs) = await FollowAsync(request, token, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                var canAskAgain = response.StatusCode switch
                {
                    HttpStatusCode.NotFound => request.AsksTwice && legs > 1,
                    HttpStatusCode.Unauthorized => token is not null && _token.Refresh(token),
                    _ => false,
                };
                if (hasAskedTwice || !canAskAgain)
                {
                    throw await AISErrors.OfAnswerAsync(response, request, cancellationToken).ConfigureAwait(false);
                }

                token = _token.Token;
            }
        }
    }

    private async Task<(HttpResponseMessage Response, int Legs)> FollowAsync(
        AISRequest request, string? token, CancellationToken cancellationToken)
    {
        var uri = new Uri($"{_root}{request.Path}{(request.Query.Length == 0 ? "" : "?")}{request.Query}");
        for (var leg = 1; ; leg++)
        {
            // Only the proxy looks at the token, so only the proxy gets it.
            var response = await SendLegAsync(request, uri, leg == 1 ? token : null, cancellationToken).ConfigureAwait(false);
            if (!AISRedirect.IsRedirect(response.StatusCode))
            {
                return (response, leg);
            }

            using (response)
            {
                if (leg > _options.MaxRedirects)
                {
                    throw AISErrors.Refused(request, $"the cluster sent the request on more than {_options.MaxRedirects} times");
                }

                uri = NextLeg(request, response, leg);
            }
        }
    }

    private Uri NextLeg(AISRequest request, HttpResponseMessage response, int leg)
    {
        // A target sends a read on only to the server of its transform, which has a path of its own.
        var isTransform = request.HasTransform && leg > 1;
        if (isTransform && !_options.AllowTransformRedirects)
        {
            throw AISErrors.Refused(
                request,
                "the target sends the read on to the transform's own server. Allow that with "
                    + $"{nameof(AISClientOptions)}.{nameof(AISClientOptions.AllowTransformRedirects)}, or set the transform up with hpush://",
                StorageErrorKind.NotSupported);
        }

        var next = AISRedirect.Read(response, request.FollowsPath || isTransform ? null : request.Path)
            ?? throw AISErrors.Refused(request, "the cluster sent the request on to no usable address");
        if (Endpoint.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps && !isTransform)
        {
            throw AISErrors.Refused(
                request,
                $"the proxy '{Endpoint.Authority}' is reached over https and sends the request on to '{next.Authority}' over http",
                StorageErrorKind.PermissionDenied);
        }

        return _options.MapTarget is { } map ? map(next) : next;
    }

    private async Task<HttpResponseMessage> SendLegAsync(
        AISRequest request, Uri uri, string? token, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(uri, token);
        try
        {
            return await _invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (message.Content is AISUploadContent { SourceError: { } cause } && error is not StorageException)
        {
            // The upload ended because its source did; that is no failure of the cluster.
            cause.Throw();
            throw;
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw AISErrors.OfTransport(error, request, Endpoint, uri);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("The call was canceled.", error, cancellationToken);
        }
    }

    private string? GetToken(AISRequest request)
    {
        var token = _token.Token;
        var isReadable = Endpoint.Scheme != Uri.UriSchemeHttps && !Endpoint.IsLoopback;
        return token is null || !isReadable || _token.IsGiven || _options.AllowTokenOverHttp
            ? token
            : throw AISErrors.Refused(
                request,
                $"the token of the environment is not sent over http to '{Endpoint.Authority}', where others can read it. Use an https "
                    + $"endpoint, or allow it with {nameof(AISClientOptions)}.{nameof(AISClientOptions.AllowTokenOverHttp)}",
                StorageErrorKind.PermissionDenied);
    }
}
