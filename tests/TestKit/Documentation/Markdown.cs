// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>The repository's pages and the blocks of code in them.</summary>
public static class Markdown
{
    private const string GivenStart = "<!-- given";
    private const string NamespacesStart = "Namespaces of this page: ";

    /// <summary>Gets the paths of all pages from the repository's root, but for what was recorded elsewhere and what a build makes.</summary>
    public static IEnumerable<string> Pages()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(RepositoryRoot.Path, "*.md", options)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/'))
            .Where(page => !page.StartsWith("artifacts/", StringComparison.Ordinal) && !page.StartsWith("tests/Golden/", StringComparison.Ordinal)
                && !page.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Gets the lines of a page.</summary>
    public static string[] Lines(string page) => File.ReadAllLines(Path.Combine(RepositoryRoot.Path, page));

    /// <summary>Gets every fenced block of every page.</summary>
    public static IEnumerable<CodeBlock> Blocks() => Pages().SelectMany(page => Blocks(page, Lines(page)));

    private static IEnumerable<CodeBlock> Blocks(string page, string[] lines)
    {
        var given = "";
        string[] namespaces =
        [
            .. lines.Where(static line => line.StartsWith(NamespacesStart, StringComparison.Ordinal))
                .SelectMany(static line => line[NamespacesStart.Length..].Split(',', StringSplitOptions.TrimEntries))
                .Select(static name => name.Trim('`', '.')),
        ];
        for (var line = 0; line < lines.Length; line++)
        {
            var text = lines[line].TrimStart();
            if (text.StartsWith(GivenStart, StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, line, candidate => candidate.Contains("-->", StringComparison.Ordinal));
                given = string.Join('\n', lines[line..(end + 1)]).Replace(GivenStart, "", StringComparison.Ordinal).Replace("-->", "", StringComparison.Ordinal);
                line = end;
            }
            else if (text.StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, line + 1, candidate => candidate.Trim() == "```");
                if (end < line)
                {
                    throw new InvalidDataException($"{page}:{line + 1}: the block is never closed");
                }

                var info = text[3..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                yield return new CodeBlock(page, line + 1, info, namespaces, given, string.Join('\n', lines[(line + 1)..end]));
                given = "";
                line = end;
            }
        }
    }
}
