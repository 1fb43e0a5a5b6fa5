// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Storage;

/// <summary>How an HTTP store speaks to its server.</summary>
public sealed record HttpObjectStoreOptions
{
    /// <summary>Gets what the store proves its identity with.</summary>
    /// <value>The default is <see langword="null"/>: user name and password of the URL if it has them, else
    /// <see cref="HttpCredential.FromEnvironment"/>, which is sent only over https and to this machine.</value>
    public HttpCredential? Credential { get; init; }

    /// <summary>Gets headers to send besides, for example an API key. Like the credential they stay with the first host when a server
    /// redirects.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Gets how many redirects one request follows.</summary>
    /// <value>The default is 10.</value>
    public int RedirectLimit { get; init; } = 10;

    // Headers hold secrets as often as not, so the record shows neither them nor the credential.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append(nameof(RedirectLimit)).Append(" = ").Append(RedirectLimit);
        return true;
    }
}
