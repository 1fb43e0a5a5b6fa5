// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;

namespace TorchStreaming.Storage;

/// <summary>Turns a cluster's failures into <see cref="StorageException"/>s: by status and code first, by text never.</summary>
internal static class AISErrors
{
    /// <summary>An answer that is a failure.</summary>
    public static async Task<StorageException> OfAnswerAsync(
        HttpResponseMessage response, AISRequest request, CancellationToken cancellationToken)
    {
        var reply = await AISErrorReply.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        var (kind, advice) = Meaning(status, reply.Code, request);
        var code = reply.Code is { } given ? given + ", " : "";
        var said = reply.Message is { } message ? $" The cluster says: {message}" : "";
        var text = string.Create(
            CultureInfo.InvariantCulture, $"Could not {request.What} '{request.Location}': {code}HTTP {status}, {advice}.{said}");
        return new StorageException(kind, request.Location, text) { RetryAfter = HttpErrors.GetRetryAfter(response) };
    }

    /// <summary>A leg without an answer. A target that cannot be reached is the most common fault of a deployment.</summary>
    public static StorageException OfTransport(Exception error, AISRequest request, Uri endpoint, Uri target)
    {
        var inner = HttpErrors.FromRequest(error, request.Location, target, CancellationToken.None);
        var kind = inner?.Kind ?? StorageErrorKind.Unavailable;
        var advice = endpoint.Authority == target.Authority
            ? $"the proxy '{endpoint.Authority}' could not be reached or broke off. Check {AISEnvironment.EndpointVariable} and the network"
            : $"the proxy '{endpoint.Authority}' sent the request on to '{target.Authority}', which could not be reached or broke off. "
                + "If the cluster is behind address translation or in containers, its targets need an address that is reachable from here, "
                + $"or {nameof(AISClientOptions)}.{nameof(AISClientOptions.MapTarget)} must translate it";
        return new StorageException(kind, request.Location, $"Could not {request.What} '{request.Location}': {advice}.", error);
    }

    /// <summary>An answer that makes no sense or may not be followed.</summary>
    public static StorageException Refused(AISRequest request, string why, StorageErrorKind kind = StorageErrorKind.Other) =>
        new(kind, request.Location, $"Could not {request.What} '{request.Location}': {why}.");

    private static (StorageErrorKind Kind, string Advice) Meaning(int status, string? code, AISRequest request) => (status, code) switch
    {
        (404, "ErrBckNotFound") => (StorageErrorKind.NotFound, "the cluster has no such bucket"),
        (404, "ErrRemoteBckNotFound") => (StorageErrorKind.NotFound, "the backend has no such bucket, or the cluster has no access to it"),
        (404 or 410, _) => (StorageErrorKind.NotFound, "there is no such object, bucket or transform"),
        (401, _) => (StorageErrorKind.Unauthenticated,
            $"the cluster wants a valid token. Set {AISEnvironment.TokenVariable} or {nameof(AISClientOptions)}.{nameof(AISClientOptions.Token)}"),
        (403, _) => (StorageErrorKind.PermissionDenied, "the token does not permit this"),
        (405, _) => (StorageErrorKind.NotSupported, "the cluster does not support this request"),
        (409, _) when request.Method == HttpMethod.Get => (StorageErrorKind.Unavailable, "the object is being fetched from its backend"),
        (409, _) => (StorageErrorKind.PreconditionFailed, "it exists already, or is busy"),
        (416, _) => (StorageErrorKind.PreconditionFailed, "the bytes asked for are beyond the object's end"),
        (429, _) => (StorageErrorKind.Throttled, "the cluster asks to slow down"),
        (501, _) => (StorageErrorKind.NotSupported, "the cluster is built or set up without this"),
        (507, _) => (StorageErrorKind.DiskFull, "the cluster has no room left"),
        (408 or 504, _) => (StorageErrorKind.Timeout, "the cluster gave up waiting"),
        (503, _) => (StorageErrorKind.Unavailable, "the cluster is starting, or has no targets"),
        ( >= 500, _) => (StorageErrorKind.Unavailable, "the cluster failed"),
        (400, _) => (StorageErrorKind.Other, "the cluster does not accept the request"),
        _ => (StorageErrorKind.Other, "the cluster gave an unexpected answer"),
    };
}
