// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.RegularExpressions;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Links inside the repository lead somewhere: to a file or folder that is there, and to a heading of its page.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Markdown.Pages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadSomewhere(string page)
    {
        var broken = new List<string>();
        foreach (Match match in Link().Matches(Prose(page)))
        {
            var target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = target.Split('#', 2);
            var file = parts[0].Length == 0 ? page : Path.GetRelativePath(
                RepositoryRoot.Path, Path.GetFullPath(Path.Combine(RepositoryRoot.Path, Path.GetDirectoryName(page)!, parts[0])));
            var path = Path.Combine(RepositoryRoot.Path, file);
            if (!Path.Exists(path) || (parts.Length == 2 && !Anchors(file).Contains(parts[1])))
            {
                broken.Add(target);
            }
        }

        Assert.Empty(broken);
    }

    /// <summary>The page without its blocks of code, where brackets and parentheses mean other things.</summary>
    private static string Prose(string page)
    {
        var text = new StringBuilder();
        var inside = false;
        foreach (var line in Markdown.Lines(page))
        {
            var fence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inside ^= fence;
            if (!inside && !fence)
            {
                text.AppendLine(InlineCode().Replace(line, ""));
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Anchors(string page)
        => Markdown.Lines(page).Where(line => line.StartsWith('#')).Select(line =>
            NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
