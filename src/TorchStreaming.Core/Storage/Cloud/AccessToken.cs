// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A bearer token and when it ends. Not a record: those show what they hold.</summary>
internal sealed class AccessToken(string? value, DateTimeOffset? expiresAt)
{
    /// <summary>Gets the token; null when there is none to be had and requests go out without.</summary>
    public string? Value => value;

    /// <summary>Gets when it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt => expiresAt;
}
