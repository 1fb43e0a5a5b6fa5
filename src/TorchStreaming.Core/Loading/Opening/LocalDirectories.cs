// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;

namespace TorchStreaming.Loading;

/// <summary>Where shards lie on this machine.</summary>
internal static class LocalDirectories
{
    /// <summary>Tells whether a location is a directory of this machine rather than a URI, and which.</summary>
    public static bool TryGetPath(string location, out string path)
    {
        if (location.StartsWith("file://", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(location, UriKind.Absolute, out var uri))
        {
            path = Path.GetFullPath(uri.LocalPath);
            return true;
        }

        var isUri = location.Contains("://", StringComparison.Ordinal);
        path = isUri ? "" : Path.GetFullPath(location);
        return !isUri;
    }

    /// <summary>Gets the directory that shards of a remote location are kept in when the user names none.</summary>
    public static string GetDefault(string remote)
    {
        // The digest keeps the name short, legal on every file system, and free of whatever the location may hold.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(remote.TrimEnd('/'))).AsSpan(0, 16));
        return Path.Combine(UserCache(), "torchstreaming", digest);
    }

    private static string UserCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        // The XDG rules ignore relative values.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
        {
            return cache;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (string.IsNullOrEmpty(home))
        {
            return Path.Combine(Path.GetTempPath(), $"torchstreaming-{Environment.UserName}");
        }

        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
    }
}
