// SPDX-License-Identifier: MIT

using System.Net.Http.Headers;
using System.Text;

namespace TorchStreaming.Storage;

/// <summary>What an HTTP store sends as its <c>Authorization</c> header. It never shows what it holds.</summary>
public sealed class HttpCredential
{
    /// <summary>The environment variable of a bearer token.</summary>
    public const string BearerTokenVariable = "TORCHSTREAMING_HTTP_BEARER_TOKEN";

    /// <summary>The environment variable of a user name.</summary>
    public const string UserNameVariable = "TORCHSTREAMING_HTTP_USERNAME";

    /// <summary>The environment variable of the user's password.</summary>
    public const string PasswordVariable = "TORCHSTREAMING_HTTP_PASSWORD";

    private HttpCredential(AuthenticationHeaderValue header) => Header = header;

    internal AuthenticationHeaderValue Header { get; }

    /// <summary>Makes a bearer token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException">The token is empty or has line breaks.</exception>
    public static HttpCredential Bearer(string token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        if (token.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A token has no line breaks.", nameof(token));
        }

        return new HttpCredential(new AuthenticationHeaderValue("Bearer", token));
    }

    /// <summary>Makes a user name with a password.</summary>
    /// <param name="userName">The user name, without a colon.</param>
    /// <param name="password">The password.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="ArgumentException">The user name has a colon.</exception>
    public static HttpCredential Basic(string userName, string password)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        if (userName.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("A user name for basic authentication has no colon.", nameof(userName));
        }

        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));
        return new HttpCredential(new AuthenticationHeaderValue("Basic", pair));
    }

    /// <summary>Reads the credential from <see cref="BearerTokenVariable"/>, else from <see cref="UserNameVariable"/> and
    /// <see cref="PasswordVariable"/>.</summary>
    /// <returns>The credential, or <see langword="null"/> when none is set.</returns>
    public static HttpCredential? FromEnvironment() => FromVariables(Environment.GetEnvironmentVariable);

    /// <summary>Shows the kind only.</summary>
    /// <returns>For example <c>Bearer (hidden)</c>.</returns>
    public override string ToString() => $"{Header.Scheme} (hidden)";

    internal static HttpCredential? FromVariables(Func<string, string?> read)
    {
        if (read(BearerTokenVariable) is { Length: > 0 } token)
        {
            return Bearer(token);
        }

        return read(UserNameVariable) is { Length: > 0 } userName ? Basic(userName, read(PasswordVariable) ?? "") : null;
    }
}
