// SPDX-License-Identifier: MIT

using System.Net;

namespace TorchStreaming.Storage;

/// <summary>Reads where a cluster sends a request. Authority and query are the server's, the path stays the caller's own: servers send it
/// decoded, and a URI would turn some names into others.</summary>
internal static class AISRedirect
{
    public static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 307 or 308;

    /// <summary>Gets the address of the next leg.</summary>
    /// <param name="response">The answer of the leg before.</param>
    /// <param name="ownPath">The path to ask for; null to take the server's.</param>
    /// <returns>The address, or null when the answer names none.</returns>
    public static Uri? Read(HttpResponseMessage response, string? ownPath)
    {
        // By hand: Uri takes a backslash of a decoded path for a slash.
        var text = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.ToString() : null;
        var scheme = text?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (text is null || scheme <= 0 || text[..scheme].ToLowerInvariant() is not ("http" or "https"))
        {
            return null;
        }

        var rest = text.AsSpan(scheme + 3);
        var pathStart = rest.IndexOfAny('/', '?');
        var authority = pathStart < 0 ? rest : rest[..pathStart];
        var behind = pathStart < 0 ? [] : rest[pathStart..];

        // The markers of the redirect come last and hold no question mark, the decoded path before them may.
        var question = behind.LastIndexOf('?');
        var query = question < 0 ? [] : behind[(question + 1)..];
        var path = ownPath ?? (question < 0 ? behind : behind[..question]).ToString();
        return !authority.Contains('@') && Uri.TryCreate($"{text[..scheme]}://{authority}{path}?{query}", UriKind.Absolute, out var target)
            ? target
            : null;
    }
}
