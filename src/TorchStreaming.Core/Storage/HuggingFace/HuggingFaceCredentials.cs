// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Finds the hub and the token as the hub's own tools do.</summary>
internal static class HuggingFaceCredentials
{
    public static Uri EndpointOf(HuggingFaceStoreOptions options, Func<string, string?> environment)
    {
        var text = options.Endpoint?.OriginalString
            ?? (environment("HF_ENDPOINT") is { Length: > 0 } given ? given : "https://huggingface.co");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ArgumentException("The hub's endpoint (HF_ENDPOINT) is not an http:// or https:// address.");
    }

    public static HttpCredential? Choose(HuggingFaceStoreOptions options, Func<string, string?> environment, Uri endpoint)
    {
        if (options.Anonymous)
        {
            return null;
        }

        var isSafe = endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback;
        if (options.Token is { } given)
        {
            return isSafe
                ? HttpCredential.Bearer(given)
                : throw new ArgumentException("A token is not sent over http. Use an https endpoint, or no token.", nameof(options));
        }

        return isSafe && FromEnvironment(environment) is { Length: > 0 } found ? HttpCredential.Bearer(found) : null;
    }

    private static string? FromEnvironment(Func<string, string?> environment)
    {
        if (environment("HF_TOKEN")?.Trim() is { Length: > 0 } token)
        {
            return token;
        }

        var home = environment("HF_HOME") is { Length: > 0 } folder ? folder
            : (environment("HOME") ?? environment("USERPROFILE")) is { Length: > 0 } user ? Path.Join(user, ".cache", "huggingface")
            : null;
        var file = environment("HF_TOKEN_PATH") is { Length: > 0 } path ? path : home is null ? null : Path.Join(home, "token");
        try
        {
            return file is not null && File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A token that this user may not read is none of theirs.
            return null;
        }
    }
}
