// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;

namespace TorchStreaming.Storage;

/// <summary>What all object stores of clouds have in common about failures. Texts of the stores are never quoted: they may repeat signed
/// addresses.</summary>
internal static class CloudErrors
{
    /// <summary>Gets the kind of a status that comes without a code of the store's own.</summary>
    public static StorageErrorKind KindOf(HttpStatusCode status) => (int)status switch
    {
        413 or 507 => StorageErrorKind.DiskFull,
        _ => HttpErrors.FromStatus(status, "").Kind,
    };

    /// <summary>An answer that is a failure.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="kind">Why.</param>
    /// <param name="code">The store's own code, shown when it looks like one.</param>
    /// <param name="what">What was tried, as in "Could not read".</param>
    /// <param name="location">The object.</param>
    /// <param name="advice">What to try next, starting with a space, or empty.</param>
    public static StorageException OfAnswer(
        HttpResponseMessage response, StorageErrorKind kind, string? code, string what, string location, string advice = "")
    {
        var shown = IsCode(code) ? code + ", " : "";
        var text = string.Create(
            CultureInfo.InvariantCulture, $"Could not {what} '{location}': {shown}HTTP {(int)response.StatusCode}.{advice}");
        return new StorageException(kind, location, text) { RetryAfter = HttpErrors.GetRetryAfter(response) };
    }

    /// <summary>A failure without an answer, or one in the middle of a body.</summary>
    public static StorageException OfTransport(Exception error, string what, string location)
    {
        var read = error is TimeoutException ? null : HttpErrors.FromRequest(error, location, NoTarget, CancellationToken.None);
        var kind = error is TimeoutException ? StorageErrorKind.Timeout : read?.Kind ?? StorageErrorKind.Unavailable;
        var problem = kind switch
        {
            StorageErrorKind.Timeout => "the store did not answer in time",
            StorageErrorKind.Other => "the store's certificate is not trusted",
            _ => "the connection failed or broke off",
        };

        // The cause is kept: the BCL's transport exceptions name hosts, never queries or headers.
        return new StorageException(kind, location, $"Could not {what} '{location}': {problem}.", error);
    }

    /// <summary>Translates what goes wrong in the middle of a body, for <see cref="BodyStream"/>.</summary>
    public static Func<Exception, StorageException?> OfBody(string location) =>
        error => error is IOException or HttpRequestException ? OfTransport(error, "read", location) : null;

    public static StorageException IgnoredRange(string location) => new(
        StorageErrorKind.NotSupported, location, $"The store ignored the byte range asked of '{location}'.");

    public static StorageException Malformed(string what, string location, Exception? error = null) => new(
        StorageErrorKind.Other, location, $"Could not {what} '{location}': the answer is not what the store's protocol promises.", error);

    /// <summary>Says whether a text of the store's is a code, which may be shown.</summary>
    public static bool IsCode(string? text) => text is { Length: > 0 and <= 64 } && text.All(
        c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static readonly Uri NoTarget = new("https://store");
}
