// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Files that are read one after the other, each from front to back.</summary>
/// <param name="Directory">The full path of their folder.</param>
/// <param name="Files">The files, in the order in which they are read.</param>
internal sealed record FileSet(string Directory, ImmutableArray<ListedFile> Files)
{
    /// <summary>Lists a file, or the files of a folder.</summary>
    /// <param name="location">The path of either.</param>
    /// <param name="pattern">Which files of the folder, with <c>*</c> and <c>?</c>. Folders in it are not looked into.</param>
    /// <param name="extensions">What their names may end with; none for anything.</param>
    /// <exception cref="StorageException">There is no such file.</exception>
    public static FileSet List(string location, string pattern, params ReadOnlySpan<string> extensions)
    {
        var path = Path.GetFullPath(location);
        return File.Exists(path) ? Of(path) : new FileSet(path, RawListing.List(path, pattern, recurse: false, extensions));
    }

    /// <summary>Lists one file.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="StorageException">The file does not exist.</exception>
    public static FileSet Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileSet(file.DirectoryName!, [new ListedFile(file.Name, file.Length)]) : throw FileErrors.NotFound(path);
    }

    /// <summary>Adds paths and sizes of the files. What is in them has no sizes of its own to be known by, so those of the files must all be
    /// the same.</summary>
    public void AppendIdentity(Action<string> append)
    {
        foreach (var file in Files)
        {
            append(file.Path);
            append(file.Bytes.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Makes the trace of a piece of a file that becomes no sample.</summary>
    /// <param name="part">The piece.</param>
    /// <param name="place">Its place in the file.</param>
    /// <param name="problem">What is wrong with it.</param>
    public RefusedItem Refuse(RawPart part, FormattableString place, string problem) => new(
        part.File,
        Path.GetRelativePath(Directory, part.File).Replace(Path.DirectorySeparatorChar, '/'),
        problem,
        FormattableString.Invariant(place));
}
