// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>The listing of a folder of images whose sub-folders are the classes.</summary>
/// <remarks>Classes are numbered in the order of their names by code points, and so are the images within a class; the position of an
/// image in
/// <see cref="Images"/> is the number <c>i</c> of its sample. Images may be deeper; files whose names start with a dot, and files beside
/// the class
/// folders, are passed over. Immutable and thread-safe.</remarks>
public sealed class ImageFolder
{
    private const int DeepestFolder = 16;

    private ImageFolder(string directory, ImmutableArray<string> classes, ImmutableArray<ImageFile> images)
    {
        Directory = directory;
        Classes = classes;
        Images = images;
    }

    /// <summary>Gets the full path of the folder.</summary>
    public string Directory { get; }

    /// <summary>Gets the names of the classes, in the order of their numbers.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>Gets the images, class by class.</summary>
    internal ImmutableArray<ImageFile> Images { get; }

    /// <summary>Lists a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The listing.</returns>
    /// <exception cref="StorageException">The folder does not exist, cannot be listed, or holds no class folder with an image.</exception>
    public static ImageFolder Scan(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var root = new DirectoryInfo(Path.GetFullPath(directory));
        try
        {
            return Scan(root, cancellationToken);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, root.FullName);
        }
    }

    /// <summary>Lists the splits of a folder in the ImageNet layout, that is, one folder of classes for each split.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="splits">The names of the splits.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The listings, in the order of <paramref name="splits"/>.</returns>
    /// <exception cref="StorageException">A split cannot be listed, or the splits have different classes, so that a class would have
    /// several numbers.</exception>
    public static ImmutableArray<ImageFolder> ScanSplits(
        string directory, IReadOnlyList<string> splits, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(splits);
        var folders = splits.Select(split => Scan(Path.Combine(directory, split), cancellationToken)).ToImmutableArray();
        foreach (var folder in folders)
        {
            if (folders[0].Classes.Except(folder.Classes).Concat(folder.Classes.Except(folders[0].Classes)).FirstOrDefault() is { } odd)
            {
                var (with, without) = folder.Classes.Contains(odd) ? (folder, folders[0]) : (folders[0], folder);
                throw new StorageException(
                    StorageErrorKind.PreconditionFailed,
                    without.Directory,
                    $"'{without.Directory}' has no folder for class '{odd}' of '{with.Directory}', so class numbers would differ. "
                    + "Make the folder (it may be empty), or convert the splits one by one.");
            }
        }

        return folders;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Directory}: {Counted.Of(Images.Length, "image")} of {Counted.Of(Classes.Length, "class", "classes")}";

    private static ImageFolder Scan(DirectoryInfo root, CancellationToken cancellationToken)
    {
        var folders = root.EnumerateDirectories().Where(static folder => folder.Name[0] != '.').ToArray();
        Array.Sort(folders, static (one, other) => CodePointComparer.Instance.Compare(one.Name, other.Name));
        var images = ImmutableArray.CreateBuilder<ImageFile>();
        for (var label = 0; label < folders.Length; label++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = images.Count;
            foreach (var file in folders[label].EnumerateFiles("*", Recursive))
            {
                if (file.Name[0] != '.')
                {
                    var path = Path.GetRelativePath(root.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                    images.Add(new ImageFile(path, label, file.Length));
                }
            }

            images.Sort(first, images.Count - first,
                Comparer<ImageFile>.Create(static (one, other) => CodePointComparer.Instance.Compare(one.Path, other.Path)));
        }

        if (images.Count == 0)
        {
            var found = folders.Length == 0 ? "no class folder" : $"{folders.Length} class folders but no file in them";
            throw new StorageException(
                StorageErrorKind.NotFound,
                root.FullName,
                $"'{root.FullName}' has {found}. Expected is one folder per class with its images, "
                + $"for example '{Path.Combine(root.FullName, "cat", "1.jpg")}'.");
        }

        return new ImageFolder(root.FullName, [.. folders.Select(static folder => folder.Name)], images.ToImmutable());
    }

    /// <summary>Unreadable folders are errors, not left out; links are followed so far.</summary>
    private static EnumerationOptions Recursive { get; } = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = DeepestFolder,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.None,
    };
}
