// SPDX-License-Identifier: MIT

using System.CommandLine.Parsing;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>Every call of the tool that a page shows is one that the tool takes.</summary>
public sealed class DocumentedCallTests
{
    public static TheoryData<string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var block in Markdown.Blocks().Where(block => block.Language is "" or "sh" or "bash" or "console"))
            {
                var text = block.Text.Replace("\\\n", " ", StringComparison.Ordinal);
                foreach (var line in text.Split('\n').Select(line => line.Trim().TrimStart('$', ' ')))
                {
                    if (line.StartsWith(ToolCommandLine.Name + ' ', StringComparison.Ordinal) && seen.Add($"{block}: {line}"))
                    {
                        calls.Add(block.ToString(), line);
                    }
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Call_OnAPage_IsTakenByTheTool(string place, string call)
    {
        // What the shell takes for itself ends the call: pipes, redirections, comments, further commands.
        var words = CommandLineParser.SplitCommandLine(call).Skip(1).TakeWhile(word => word is not ("|" or ">" or "#" or "&&" or ";" or "&"));
        var parsed = ToolCommandLine.CreateRoot(new ToolConsole(TextWriter.Null, TextWriter.Null)).Parse([.. words]);

        Assert.True(parsed.Errors.Count == 0, $"{place}: {call}\n{string.Join('\n', parsed.Errors.Select(error => error.Message))}");
    }
}
