// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The messages that the pages on troubleshooting quote are those of the code: every part of them between two <c>…</c> stands in a
/// literal of the sources.</summary>
public sealed partial class QuotedMessageTests
{
    private static readonly Lazy<string> Literals = new(() => string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(static file => Literal().Matches(Hole().Replace(Joint().Replace(NameOf().Replace(File.ReadAllText(file), "$1"), ""), "…")))
        .Select(static match => match.Value)));

    public static TheoryData<string> Messages =>
    [
        .. Quoted("docs/troubleshooting.md")
            .Concat(Quoted("docs/images.md"))
            .Concat(Markdown.Pages().Where(static page => page.Contains("/troubleshooting/", StringComparison.Ordinal)).SelectMany(QuotedInText))
            .Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_QuotedOnAPage_IsOneOfTheCode(string message)
        => Assert.All(
            message.Split('…').Select(static part => part.Trim(' ', '\'', '.', ',', ':', '(')).Where(static part => part.Length > 3),
            part => Assert.Contains(part, Literals.Value, StringComparison.Ordinal));

    [Fact]
    public void Message_ThatTheCodeDoesNotHave_IsNotFound() => Assert.DoesNotContain("does not exist and never did", Literals.Value, StringComparison.Ordinal);

    /// <summary>What is as code in the first column of tables whose heading is "message".</summary>
    private static IEnumerable<string> Quoted(string page)
    {
        var inside = false;
        foreach (var line in Markdown.Lines(page))
        {
            inside = line.StartsWith("| message |", StringComparison.Ordinal) || (inside && line.StartsWith('|'));
            if (inside && Cell().Match(line) is { Success: true } match)
            {
                yield return match.Groups[1].Value;
            }
        }
    }

    /// <summary>What is as code with a <c>…</c> in running text, but for calls of the tool and settings.</summary>
    private static IEnumerable<string> QuotedInText(string page) => Markdown.Lines(page)
        .SelectMany(static line => Code().Matches(line))
        .Select(static match => match.Groups[1].Value)
        .Where(static code => code.Contains('…', StringComparison.Ordinal) && code.Contains(' ', StringComparison.Ordinal))
        .Where(static code => !code.StartsWith("torchstreaming ", StringComparison.Ordinal) && !code.Contains(" = ", StringComparison.Ordinal));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `([^`]*)`")]
    private static partial Regex Cell();

    [GeneratedRegex(@"\{nameof\((?:\w+\.)*(\w+)\)\}")]
    private static partial Regex NameOf();

    /// <summary>Where a literal ends and continues in the next line.</summary>
    [GeneratedRegex(@"""\s*\+\s*\$?""")]
    private static partial Regex Joint();

    [GeneratedRegex(@"\{[^{}""]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"""[^""\n]*""")]
    private static partial Regex Literal();
}
