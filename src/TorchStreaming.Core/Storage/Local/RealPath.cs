// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Follows symbolic links by hand, so that a path below a root can be shown to stay there.</summary>
internal static class RealPath
{
    private const int LinkLimit = 40;

    /// <summary>Whether file names of this system are compared without case.</summary>
    public static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Gets the full path with every link on the way followed; parts that do not exist are kept as they are.</summary>
    public static string Resolve(string path) => Resolve(path, LinkLimit);

    /// <summary>Gets the real path of a key below a root, or <see langword="null"/> when links lead outside.</summary>
    /// <param name="realRoot">The root, resolved.</param>
    /// <param name="key">A valid key.</param>
    public static string? ResolveBelow(string realRoot, string key)
    {
        var current = realRoot;
        foreach (var part in key.Split('/'))
        {
            var next = Path.GetFullPath(Path.Join(current, part));
            if (new FileInfo(next).LinkTarget is not null)
            {
                next = Resolve(next);
            }

            if (!IsBelow(realRoot, next))
            {
                return null;
            }

            current = next;
        }

        return current;
    }

    /// <summary>Says whether a path is below a root. Both are full paths.</summary>
    public static bool IsBelow(string root, string path)
    {
        var prefix = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        return path.Length > prefix.Length && path.StartsWith(prefix, Comparison);
    }

    private static string Resolve(string path, int linksLeft)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var current = Path.GetPathRoot(path)!;
        foreach (var part in path[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            current = Path.Join(current, part);
            if (new FileInfo(current).LinkTarget is { } target)
            {
                if (linksLeft == 0)
                {
                    throw new IOException($"Too many symbolic links on the way to '{path}'.");
                }

                current = Resolve(Path.Combine(Path.GetDirectoryName(current)!, target), --linksLeft);
            }
        }

        return current;
    }
}
