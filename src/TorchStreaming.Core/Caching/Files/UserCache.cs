// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;

namespace TorchStreaming.Caching;

/// <summary>Where shards are kept on this machine when the user names no directory.</summary>
internal static class UserCache
{
    /// <summary>Gets the directory for a remote location.</summary>
    public static string GetFolder(string remote)
    {
        // The digest keeps the name short, legal on every file system, and free of whatever the location may hold.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(remote.TrimEnd('/'))).AsSpan(0, 16));
        return Path.Combine(Root(), "torchstreaming", digest);
    }

    private static string Root()
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
