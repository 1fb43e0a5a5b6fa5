// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace TorchStreaming.Cli;

/// <summary>Answers the scripts of <see cref="CompletionsCommand"/>: a line for each word that may be where the cursor is. Options are
/// named when the word begins like one, or when nothing else may be there.</summary>
internal sealed class Suggestions : SynchronousCommandLineAction
{
    private readonly SuggestDirective _directive;

    /// <summary>Creates the action.</summary>
    /// <param name="directive">Holds the place of the cursor.</param>
    public Suggestions(SuggestDirective directive) => _directive = directive;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.Where(static token => token.Type != TokenType.Directive).Select(static token => token.Value)
            .LastOrDefault("");
        var place = int.TryParse(parseResult.GetResult(_directive)?.Values is [var written, ..] ? written : null, out var given)
            ? Math.Clamp(given, 0, line.Length)
            : line.Length;
        var word = line.AsSpan(0, place);
        var begun = word[(word.LastIndexOf(' ') + 1)..].StartsWith("-");
        var words = parseResult.RootCommandResult.Command.Parse(line, parseResult.Configuration).GetCompletions(place)
            .Select(static completion => completion.Label).ToArray();
        var others = Array.FindAll(words, static word => !word.StartsWith('-'));
        foreach (var label in begun || others.Length == 0 ? words : others)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(label);
        }

        return ExitCodes.Success;
    }
}
