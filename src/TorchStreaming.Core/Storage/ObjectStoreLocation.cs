// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Works on the texts that name stores: URIs and plain paths.</summary>
internal static class ObjectStoreLocation
{
    /// <summary>Finds the URI scheme of a location.</summary>
    /// <param name="location">A URI, a path, or a Windows path such as <c>C:\data</c>.</param>
    /// <returns>The scheme in lower case, or <see langword="null"/> for a path.</returns>
    public static string? GetScheme(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var colon = location.IndexOf(':', StringComparison.Ordinal);

        // One letter is a Windows drive. 'dbfs:/x' is the one form in use that has a single slash.
        if (colon < 2 || !char.IsAsciiLetter(location[0]) || location.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters))
        {
            return null;
        }

        var scheme = location[..colon].ToLowerInvariant();
        var rest = location.AsSpan(colon + 1);
        return rest.StartsWith("//", StringComparison.Ordinal) || (scheme == "dbfs" && rest.StartsWith("/", StringComparison.Ordinal))
            ? scheme
            : null;
    }

    /// <summary>Removes user name, password, query and fragment, which may hold secrets, so that a location can be shown.</summary>
    /// <param name="location">A URI or a path.</param>
    /// <returns>The location without them; a path comes back as it is.</returns>
    public static string WithoutSecrets(string location)
    {
        if (GetScheme(location) is not { } scheme)
        {
            return location;
        }

        var text = location.AsSpan(scheme.Length + 1);
        var end = text.IndexOfAny('?', '#');
        if (end >= 0)
        {
            text = text[..end];
        }

        var slashes = text.StartsWith("//", StringComparison.Ordinal) ? "//" : "";
        text = text[slashes.Length..];
        var authorityEnd = text.IndexOf('/');
        var authority = authorityEnd < 0 ? text : text[..authorityEnd];

        // In 'oci://bucket@namespace' the part in front of the '@' is the bucket, not a user.
        var user = scheme == "oci" ? -1 : authority.LastIndexOf('@');
        return $"{scheme}:{slashes}{text[(user + 1)..]}";
    }

    /// <summary>Names a folder below a location, such as a split of a dataset; a query stays where it is.</summary>
    /// <param name="location">A URI or a path.</param>
    /// <param name="folder">The folder, with <c>/</c> between its parts; <see langword="null"/> or empty for the location itself.</param>
    /// <returns>The folder's location.</returns>
    /// <exception cref="ArgumentException">The folder is not below the location.</exception>
    public static string Append(string location, string? folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        if (string.IsNullOrEmpty(folder))
        {
            return location;
        }

        ObjectKey.ThrowIfInvalid(folder);
        if (GetScheme(location) is null)
        {
            return Path.Join(location, folder);
        }

        var end = location.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? location : location[..end];
        return $"{path.TrimEnd('/')}/{folder}{location[path.Length..]}";
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
