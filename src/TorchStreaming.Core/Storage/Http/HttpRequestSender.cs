// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace TorchStreaming.Storage;

/// <summary>Sends requests and follows redirects by hand, so that credentials stay with the origin they were given for.</summary>
internal sealed class HttpRequestSender(HttpMessageInvoker invoker, HttpObjectStoreOptions options, HttpCredential? credential)
{
    /// <summary>Chooses what to send to a root: the options' credential, the URL's, or the environment's.</summary>
    public static HttpCredential? ChooseCredential(Uri root, HttpObjectStoreOptions options)
    {
        if (options.Credential is { } given)
        {
            return given;
        }

        if (root.UserInfo is { Length: > 0 } userInfo)
        {
            var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
            return HttpCredential.Basic(
                Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]),
                colon < 0 ? "" : Uri.UnescapeDataString(userInfo[(colon + 1)..]));
        }

        // What nobody chose for this server does not cross a network in clear text.
        return root.Scheme == Uri.UriSchemeHttps || root.IsLoopback ? HttpCredential.FromEnvironment() : null;
    }

    /// <summary>Sends a request until an answer is no redirect. The answer's body is not read yet.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, static _ => true, cancellationToken);

    /// <summary>Sends a request until an answer is no redirect, or one that the caller does not want followed.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequest request, Func<HttpResponseMessage, bool> follow, CancellationToken cancellationToken)
    {
        var target = request.Uri;
        var isAtOrigin = true;
        for (var redirects = 0; ; redirects++)
        {
            HttpResponseMessage response;
            using (var message = CreateMessage(request, target, isAtOrigin))
            {
                try
                {
                    response = await invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception error) when (HttpErrors.FromRequest(error, request.Location, target, cancellationToken) is { } translated)
                {
                    throw translated;
                }
            }

            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } next || !follow(response))
            {
                return response;
            }

            response.Dispose();
            if (redirects == options.RedirectLimit)
            {
                throw HttpErrors.BadAnswer(
                    request.Location, string.Create(CultureInfo.InvariantCulture, $"more than {redirects} redirects"));
            }

            next = new Uri(target, next);
            ThrowIfUnsafe(target, next, request.Location);

            // Once lost, credentials stay lost: the way back may be somebody else's wish.
            isAtOrigin = isAtOrigin && IsSameOrigin(request.Uri, next);
            target = next;
        }
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool IsSameOrigin(Uri left, Uri right) =>
        left.Scheme == right.Scheme
        && left.Port == right.Port
        && string.Equals(left.IdnHost, right.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static void ThrowIfUnsafe(Uri from, Uri to, string location)
    {
        if (to.Scheme != Uri.UriSchemeHttps && (to.Scheme != Uri.UriSchemeHttp || from.Scheme == Uri.UriSchemeHttps))
        {
            throw HttpErrors.BadAnswer(
                location, $"a redirect to '{to.Scheme}://{to.Host}', which is not followed: it gives up the protection of https");
        }
    }

    private HttpRequestMessage CreateMessage(HttpRequest request, Uri target, bool isAtOrigin)
    {
        var message = new HttpRequestMessage(request.Method, target);

        // The index's sizes and hashes are those of the stored bytes.
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (request.Range is { } range)
        {
            message.Headers.Range = new RangeHeaderValue(
                range.Offset, range.Length is { } length ? checked(range.Offset + length - 1) : null);
        }

        if (request.IfMatch is { } tag && EntityTagHeaderValue.TryParse(tag, out var parsed) && !parsed.IsWeak)
        {
            message.Headers.IfMatch.Add(parsed);
        }

        if (isAtOrigin)
        {
            message.Headers.Authorization = credential?.Header;
            foreach (var (name, value) in options.Headers)
            {
                if (!message.Headers.TryAddWithoutValidation(name, value))
                {
                    throw new ArgumentException($"'{name}' is not a header that a request can carry.");
                }
            }
        }

        return message;
    }
}
