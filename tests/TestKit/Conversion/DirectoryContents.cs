// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace TorchStreaming.TestKit;

/// <summary>What a folder holds, to compare folders with.</summary>
public static class DirectoryContents
{
    /// <summary>Digests every file below a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The SHA-256 by path below the folder.</returns>
    public static SortedDictionary<string, string> Digest(string directory)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            digests.Add(Path.GetRelativePath(directory, path).Replace('\\', '/'),
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        }

        return digests;
    }
}
