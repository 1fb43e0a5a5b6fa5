// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.TestKit;

/// <summary>Finds recorded outputs of the reference libraries: <c>tests/Golden</c>, or the folder that <c>TORCHSTREAMING_GOLDEN</c> names.</summary>
public static class GoldenData
{
    /// <summary>The value of the trait <c>Category</c> of every test that reads golden data.</summary>
    public const string Category = "Golden";

    /// <summary>Gets the folder that holds <c>streaming</c>, <c>imaging</c>, <c>composer-legacy</c> and <c>spec-vectors.json</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Gets the full path of a golden file or folder.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

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
