// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Security.Authentication;

namespace TorchStreaming.Storage;

/// <summary>Says what the failures of HTTP calls mean.</summary>
internal static class HttpErrors
{
    /// <summary>Refuses an answer whose status is a failure.</summary>
    public static void ThrowIfFailed(HttpResponseMessage response, string location)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw FromStatus(response.StatusCode, location, GetRetryAfter(response));
        }
    }

    /// <summary>Turns a status into a failed store call.</summary>
    public static StorageException FromStatus(HttpStatusCode status, string location, TimeSpan? retryAfter = null)
    {
        var (kind, meaning) = (int)status switch
        {
            401 => (StorageErrorKind.Unauthenticated,
                $"the server wants credentials, or does not take the ones it got. "
                    + $"Pass a {nameof(HttpCredential)} or set {HttpCredential.BearerTokenVariable}"),
            403 => (StorageErrorKind.PermissionDenied,
                "the server refuses access. Check the rights of the credentials, or whether a signed URL has expired"),
            404 or 410 => (StorageErrorKind.NotFound, "there is no such object. Check the location and, if it has one, the split"),
            405 or 501 => (StorageErrorKind.NotSupported, "the server does not support this request"),
            412 => (StorageErrorKind.PreconditionFailed, "the object changed while it was being read. Read it again from its start"),
            408 or 504 => (StorageErrorKind.Timeout, "the server gave up waiting"),
            429 => (StorageErrorKind.Throttled, "the server asks to slow down"),
            >= 500 => (StorageErrorKind.Unavailable, "the server failed"),
            _ => (StorageErrorKind.Other, "the server gave an unexpected answer"),
        };
        var text = string.Create(CultureInfo.InvariantCulture, $"'{location}' could not be read: HTTP {(int)status}, {meaning}.");
        return new StorageException(kind, location, text) { RetryAfter = retryAfter };
    }

    /// <summary>Turns a request that got no answer into a failed store call, or gives <see langword="null"/> for the caller's own
    /// cancellation.</summary>
    public static StorageException? FromRequest(Exception error, string location, Uri target, CancellationToken cancellationToken)
    {
        var host = target.Authority;
        return error switch
        {
            OperationCanceledException when cancellationToken.IsCancellationRequested => null,
            OperationCanceledException => new StorageException(
                StorageErrorKind.Timeout, location, $"'{location}' could not be read: no connection to '{host}' in time.", error),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new StorageException(
                StorageErrorKind.Unavailable,
                location,
                $"'{location}' could not be read: the host '{host}' is not known. Check its name and the network.",
                error),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new StorageException(
                IsCertificateError(error) ? StorageErrorKind.Other : StorageErrorKind.Unavailable,
                location,
                $"'{location}' could not be read: no secure connection to '{host}': {(error.InnerException ?? error).Message}",
                error),
            HttpRequestException or IOException => new StorageException(
                StorageErrorKind.Unavailable,
                location,
                $"'{location}' could not be read: '{host}' could not be reached ({error.Message}).",
                error),
            _ => null,
        };
    }

    /// <summary>Turns a body that broke off into a failed store call.</summary>
    public static StorageException? FromBody(Exception error, string location, long? promised) =>
        error is IOException or HttpRequestException
        ? new StorageException(
            StorageErrorKind.Unavailable,
            location,
            promised is { } length
                ? string.Create(
                    CultureInfo.InvariantCulture, $"'{location}' broke off before its {length} bytes were read: {error.Message}")
                : $"'{location}' broke off: {error.Message}",
            error)
        : null;

    /// <summary>Says that a server's answer makes no sense or may not be followed.</summary>
    public static StorageException BadAnswer(string location, string what) =>
        new(StorageErrorKind.Other, location, $"'{location}' could not be read: the server answered with {what}.");

    private static bool IsCertificateError(Exception error) => error.InnerException is AuthenticationException;

    public static TimeSpan? GetRetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        if (header?.Delta is { } delta)
        {
            return delta;
        }

        // Both times are the server's, so that its clock does not matter.
        return header?.Date is { } date && response.Headers.Date is { } now && date > now ? date - now : null;
    }
}
