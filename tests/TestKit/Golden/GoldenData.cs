// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Text.Json;

namespace TorchStreaming.TestKit;

/// <summary>Finds recorded outputs of the reference libraries: <c>tests/Golden</c>, or the folder that <c>TORCHSTREAMING_GOLDEN</c> names.</summary>
public static class GoldenData
{
    /// <summary>The value of the trait <c>Category</c> of every test that reads golden data.</summary>
    public const string Category = "Golden";

    /// <summary>Gets the folder that holds <c>streaming</c>, <c>imaging</c>, <c>composer-legacy</c> and <c>spec-vectors.json</c>.</summary>
    public static string Root { get; } = FindRoot();

    private static ConcurrentDictionary<string, Lazy<string>> Copies { get; } = new();

    /// <summary>Gets the full path of a golden file or folder.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Copies a folder of the recorded data, for tests that open it as a data set: a data set in place gets lock files and raw
    /// shards beside compressed ones, and what was recorded must stay as it is.</summary>
    /// <param name="parts">The names on the way to the folder.</param>
    /// <returns>The copy, one for all tests of this process; deleted when the process ends.</returns>
    public static string CopyOf(params ReadOnlySpan<string> parts)
    {
        var folder = PathOf(parts);
        return Copies.GetOrAdd(folder, static folder => new Lazy<string>(() => Copy(folder))).Value;
    }

    /// <summary>Parses a golden JSON file; the caller disposes it.</summary>
    public static JsonDocument ReadJson(params ReadOnlySpan<string> parts) => JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));

    /// <summary>Parses a golden file of one JSON value per line.</summary>
    public static IEnumerable<JsonElement> ReadJsonLines(params ReadOnlySpan<string> parts) => ReadLines(PathOf(parts));

    private static IEnumerable<JsonElement> ReadLines(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length > 0)
            {
                using var document = JsonDocument.Parse(line);
                yield return document.RootElement.Clone();
            }
        }
    }

    private static string Copy(string folder)
    {
        var copy = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => copy.Dispose();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = copy.Combine(Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy.Path;
    }

    private static string FindRoot()
    {
        var given = Environment.GetEnvironmentVariable("TORCHSTREAMING_GOLDEN");
        if (!string.IsNullOrEmpty(given))
        {
            return Directory.Exists(given)
                ? Path.GetFullPath(given)
                : throw new DirectoryNotFoundException($"TORCHSTREAMING_GOLDEN names '{given}', which is not a folder.");
        }

        return Path.Combine(RepositoryRoot.Path, "tests", "Golden");
    }
}
