// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Where a client's token comes from. Reads a file again when the cluster refuses what was in it. Thread-safe.</summary>
internal sealed class AISTokenSource
{
    private readonly string? _file;
    private volatile string? _token;

    private AISTokenSource(string? token, string? file, bool isGiven)
    {
        _token = token;
        _file = file;
        IsGiven = isGiven;
    }

    /// <summary>Gets whether the caller gave the token, rather than the environment.</summary>
    public bool IsGiven { get; }

    public string? Token => _token;

    public static AISTokenSource Create(AISClientOptions options, Func<string, string?> environment)
    {
        if (options.Token is { } given)
        {
            return new AISTokenSource(Check(given), null, true);
        }

        if (options.TokenFile is { } file)
        {
            return new AISTokenSource(ReadFile(file), file, true);
        }

        if (environment(AISEnvironment.TokenVariable) is { Length: > 0 } token)
        {
            return new AISTokenSource(Check(token), null, false);
        }

        return environment(AISEnvironment.TokenFileVariable) is { Length: > 0 } named
            ? new AISTokenSource(ReadFile(named), named, false)
            : new AISTokenSource(null, null, false);
    }

    /// <summary>Reads the token again.</summary>
    /// <param name="refused">The token that the cluster refused.</param>
    /// <returns>Whether there is another one now.</returns>
    public bool Refresh(string? refused)
    {
        if (_file is not null && _token == refused)
        {
            _token = ReadFile(_file);
        }

        return _token != refused;
    }

    private static string ReadFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                StorageErrorKind.Unauthenticated, path, $"The token for AIStore could not be read from '{path}': {error.Message}", error);
        }

        if (!text.StartsWith('{'))
        {
            return Check(text);
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return Check(json.RootElement.GetProperty("token").GetString() ?? "");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not passed on: the parser's messages may repeat a piece of the text.
            throw new StorageException(
                StorageErrorKind.Unauthenticated, path, $"'{path}' holds no token for AIStore: neither the token alone nor {{\"token\": …}}.");
        }
    }

    private static string Check(string token) => token.Length > 0 && !token.AsSpan().ContainsAny('\r', '\n', ' ')
        ? token
        : throw new ArgumentException("A token for AIStore is not empty and has neither blanks nor line breaks.");
}
