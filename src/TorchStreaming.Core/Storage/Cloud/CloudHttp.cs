// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Storage;

/// <summary>The HTTP client of a cloud store: no redirects, cookies or decompression behind the store's back, a time limit until the
/// answer's head, failures as <see cref="StorageException"/>s.</summary>
internal sealed class CloudHttp
{
    private readonly HttpMessageInvoker _invoker;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <param name="timeout">How long an answer's head may take.</param>
    /// <param name="handler">What sends; null for the process's shared connections.</param>
    /// <param name="time">The clock.</param>
    public CloudHttp(TimeSpan timeout, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        _timeout = timeout;
        _time = time ?? TimeProvider.System;
        _invoker = handler is null ? SharedConnections.Invoker : new HttpMessageInvoker(handler, disposeHandler: false);
    }

    /// <summary>Sends a request. The answer, whatever its status, is the caller's to dispose.</summary>
    /// <param name="request">The request.</param>
    /// <param name="what">What is tried, for messages.</param>
    /// <param name="location">The object, for messages.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string what, string location, CancellationToken cancellationToken)
    {
        // A bearer token or a signature readable on the wire is a stolen one.
        if (request.Headers.Authorization is { Scheme: "Bearer" }
            && request.RequestUri is { IsLoopback: false } uri
            && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new StorageException(
                StorageErrorKind.PermissionDenied,
                location,
                $"Could not {what} '{location}': a token is not sent over http. Use an https endpoint, or no token.");
        }

        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _invoker.SendAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw CloudErrors.OfTransport(error, what, location);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("The call was canceled.", error, cancellationToken);
        }
    }

    /// <summary>Reads a short answer, such as a page of a listing, refusing one that is not short.</summary>
    public static async Task<byte[]> ReadShortAsync(
        HttpResponseMessage response, int limit, string what, string location, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(limit, cancellationToken).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw CloudErrors.Malformed(what, location);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw CloudErrors.OfTransport(error, what, location);
        }
    }

    /// <summary>Reads what a store says about a failure; nothing when that fails too.</summary>
    public static async Task<byte[]> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadShortAsync(response, 1 << 16, "", "", cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            return [];
        }
    }

    /// <summary>Renders a range as the header's value.</summary>
    public static string HeaderOf(ByteRange range) => range.Length is { } length
        ? string.Create(CultureInfo.InvariantCulture, $"bytes={range.Offset}-{LastOf(range.Offset, length)}")
        : string.Create(CultureInfo.InvariantCulture, $"bytes={range.Offset}-");

    /// <summary>Opens the body of an answer to a read, checking that it is the range asked for.</summary>
    /// <param name="body">Where the bytes come from, opened last.</param>
    /// <param name="owner">Disposed with the body.</param>
    /// <param name="info">The object's facts but its size.</param>
    /// <param name="reply">What the answer says about its bytes.</param>
    /// <param name="asked">The bytes asked for.</param>
    /// <param name="location">The object, for messages.</param>
    /// <param name="cancellationToken">Ends later reads.</param>
    public static ObjectContent OpenBody(
        Stream body,
        IDisposable owner,
        ObjectInfo info,
        RangeReply reply,
        ByteRange? asked,
        string location,
        CancellationToken cancellationToken)
    {
        if (asked is not { } range)
        {
            var whole = new BodyStream(body, reply.Length ?? long.MaxValue, CloudErrors.OfBody(location), cancellationToken, owner);
            return new ObjectContent(info with { Size = reply.Length ?? -1 }, whole);
        }

        // Some services answer a range that starts at the end with nothing; a valid part has a byte at least.
        if (reply.Length == 0)
        {
            throw ObjectConditions.BeyondEnd(location, range.Offset, reply.Served?.Length);
        }

        if (!reply.IsPartial || reply.Served is not { From: { } from, To: { } to, Length: { } size } || from != range.Offset)
        {
            throw CloudErrors.IgnoredRange(location);
        }

        var length = Math.Min(Math.Min(to - from, long.MaxValue - 1) + 1, range.Length ?? long.MaxValue);
        return new ObjectContent(
            info with { Size = size }, new BodyStream(body, length, CloudErrors.OfBody(location), cancellationToken, owner));
    }

    private static long LastOf(long offset, long length) => length <= long.MaxValue - offset ? offset + length - 1 : long.MaxValue;
}
