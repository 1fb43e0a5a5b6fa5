// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.IO.Enumeration;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Lists the files of a folder in the order of their paths by code points.</summary>
internal static class RawListing
{
    private const int DeepestFolder = 16;

    /// <summary>Lists a folder. Files whose names start with a dot are passed over.</summary>
    /// <param name="directory">The full path of the folder.</param>
    /// <param name="pattern">What names must look like, with <c>*</c> and <c>?</c>.</param>
    /// <param name="recurse">Whether folders in it are listed too.</param>
    /// <param name="extensions">What names may end with; none for anything.</param>
    /// <returns>The files, with paths below the folder.</returns>
    /// <exception cref="StorageException">The folder does not exist or cannot be listed, or has no such file.</exception>
    public static ImmutableArray<ListedFile> List(string directory, string pattern, bool recurse, params ReadOnlySpan<string> extensions)
    {
        string[] endings = [.. extensions];
        var files = new List<ListedFile>();
        LocalFiles.Guard(directory, () =>
        {
            var options = new EnumerationOptions
            {
                RecurseSubdirectories = recurse,
                MaxRecursionDepth = DeepestFolder,
                IgnoreInaccessible = false,
                AttributesToSkip = FileAttributes.None,
            };
            files.AddRange(
                from file in new DirectoryInfo(directory).EnumerateFiles("*", options)
                where file.Name[0] != '.' && FileSystemName.MatchesSimpleExpression(pattern, file.Name, ignoreCase: false)
                    && (endings.Length == 0 || endings.Any(ending => file.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                select new ListedFile(
                    Path.GetRelativePath(directory, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length));
        });
        files.Sort(static (one, other) => CodePointComparer.Instance.Compare(one.Path, other.Path));
        return files.Count > 0 ? [.. files] : throw new StorageException(
            StorageErrorKind.NotFound,
            directory,
            $"'{directory}' has no file{(pattern == "*" ? "" : $" '{pattern}'")}"
            + $"{(endings.Length == 0 ? "" : $" that ends with {string.Join(", ", endings)}")}.");
    }
}
