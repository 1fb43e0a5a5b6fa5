// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>Looks into a cache directory while others write to it.</summary>
public static class CacheBytes
{
    /// <summary>Gets the bytes of all files but those that only lock, half-written ones included.</summary>
    public static long Measure(string local) => Directory.EnumerateFiles(local, "*", SearchOption.AllDirectories)
        .Where(static file => !file.Contains(".torchstreaming", StringComparison.Ordinal))
        .Sum(static file => GetLength(file));

    private static long GetLength(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
