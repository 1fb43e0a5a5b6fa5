// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Text.Json;
using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>Finds recorded outputs of the reference libraries: <c>tests/Golden</c>, or the folder that <c>TORCHSTREAMING_GOLDEN</c> names.</summary>
public static class GoldenData
{
    /// <summary>The value of the trait <c>Category</c> of every test that reads golden data.</summary>
    public const string Category = "Golden";

    private const string Variable = "TORCHSTREAMING_GOLDEN";

    /// <summary>Gets the folder that holds <c>streaming</c>, <c>imaging</c>, <c>composer-legacy</c> and <c>spec-vectors.json</c>.</summary>
    public static string Root { get; } = FindRoot();

    private static ConcurrentDictionary<string, Lazy<string>> Copies { get; } = new();

    /// <summary>Gets whether the recordings are the project's own. Of another folder nobody knows what and how much it holds: what it lacks is
    /// not compared, and nothing is counted.</summary>
    public static bool IsOwn { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Says whether a file or folder is recorded. In the project's own folder everything is taken to be, so that a loss is
    /// noticed.</summary>
    public static bool Has(params ReadOnlySpan<string> parts) => IsOwn || Path.Combine([Root, .. parts]) is var path && Path.Exists(path);

    /// <summary>Gets the full path of a golden file or folder.</summary>
    /// <exception cref="MissingGoldenException">A folder that is not the project's own lacks it.</exception>
    public static string PathOf(params ReadOnlySpan<string> parts) => Has(parts) ? Path.Combine([Root, .. parts]) : throw Missing(parts);

    /// <summary>Gets the full path of a folder of recorded datasets, each in the folder itself or below.</summary>
    /// <exception cref="MissingGoldenException">A folder that is not the project's own lacks it, or a file of a dataset in it.</exception>
    public static string DataOf(params ReadOnlySpan<string> parts) =>
        HasData(parts) ? PathOf(parts) : throw Missing(parts);

    /// <summary>Says whether a folder of recorded datasets is there with all their files; see <see cref="DataOf"/>.</summary>
    public static bool HasData(params ReadOnlySpan<string> parts) => IsOwn || (Has(parts) && GoldenFolder.IsWhole(PathOf(parts)));

    /// <summary>Gets the full path of a file or folder of the project's own recordings, for tests that are not about other ones.</summary>
    public static string OwnPathOf(params ReadOnlySpan<string> parts) => Path.Combine([RepositoryRoot.Path, "tests", "Golden", .. parts]);

    /// <summary>Asserts how many cases the project's own folder holds. Of another folder any number is right.</summary>
    public static void AssertCount(int expected, int actual)
    {
        if (IsOwn)
        {
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>Asserts that the project's own folder holds more than so many cases. Of another folder any number is right.</summary>
    public static void AssertMoreThan(int few, int actual)
    {
        if (IsOwn)
        {
            Assert.InRange(actual, few + 1, int.MaxValue);
        }
    }

    /// <summary>Copies a folder of the recorded data, for tests that open it as a dataset: a dataset in place gets lock files and raw
    /// shards beside compressed ones, and what was recorded must stay as it is.</summary>
    /// <param name="parts">The names on the way to the folder.</param>
    /// <returns>The copy, one for all tests of this process; deleted when the process ends.</returns>
    public static string CopyOf(params ReadOnlySpan<string> parts)
    {
        var folder = DataOf(parts);
        return Copies.GetOrAdd(folder, static folder => new Lazy<string>(() => Copy(folder))).Value;
    }

    /// <summary>Parses a golden JSON file; the caller disposes it.</summary>
    public static JsonDocument ReadJson(params ReadOnlySpan<string> parts) => JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));

    /// <summary>Parses a golden file of one JSON value per line.</summary>
    /// <exception cref="MissingGoldenException">A folder that is not the project's own lacks it.</exception>
    public static IEnumerable<JsonElement> ReadJsonLines(params ReadOnlySpan<string> parts) => ReadLines(PathOf(parts));

    private static MissingGoldenException Missing(ReadOnlySpan<string> parts) => new($"{Variable} names a folder without '{string.Join('/', parts)}'.");

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
        var given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given))
        {
            return Directory.Exists(given)
                ? Path.GetFullPath(given)
                : throw new DirectoryNotFoundException($"{Variable} names '{given}', which is not a folder.");
        }

        return Path.Combine(RepositoryRoot.Path, "tests", "Golden");
    }
}
