// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>Tells folders of splits, each with class folders of its own, from folders of classes.</summary>
internal static class SplitFolders
{
    private static readonly string[] Names = ["train", "val", "validation", "test"];

    private static readonly string[] ImageExtensions = [".jpg", ".jpeg", ".pil"];

    /// <summary>Refuses a folder whose classes are splits.</summary>
    /// <param name="source">What was found when the folder was taken for one of classes.</param>
    /// <param name="directory">The folder, as it was given.</param>
    /// <param name="output">The output, as it was given.</param>
    /// <exception cref="UsageException">All class folders are named like splits and hold folders, but no images themselves.</exception>
    public static void ThrowIfAny(ImageFolder source, string directory, string output)
    {
        if (!source.Classes.All(static name => Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            || source.Images.Any(static image => IsImage(image.Path) && Depth(image.Path) == 1)
            || !source.Images.Any(static image => Depth(image.Path) > 1))
        {
            return;
        }

        var splits = source.Classes;
        var first = splits.FirstOrDefault(static name => name.Equals(Names[0], StringComparison.OrdinalIgnoreCase)) ?? splits[0];
        var usual = splits is ["train", "val"] ? "" : $" --split {string.Join(',', splits)}";
        throw new UsageException(
            $"'{directory}' holds splits, not classes: {string.Join(", ", splits)} hold folders and no images themselves. "
            + $"Run '{ToolCommandLine.Name} convert imagenet {Word(directory)} {Word(output)}{usual}', or for one split "
            + $"'{ToolCommandLine.Name} convert imagefolder {Word(Path.Combine(directory, first))} {Word(output)} --split {first}'.");
    }

    private static int Depth(string path) => path.AsSpan().Count('/');

    private static bool IsImage(string path) => ImageExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string Word(string path) => path.Contains(' ') ? $"\"{path}\"" : path;
}
