// SPDX-License-Identifier: MIT

using System.CommandLine;
using Spectre.Console;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming info</c>: what the index of a dataset says.</summary>
internal sealed class InfoCommand : ToolCommand
{
    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();
    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data goes.</param>
    public InfoCommand(ToolConsole console)
        : base("info", "Shows samples, shards, sizes, columns, compression and hashes of a dataset.", console)
    {
        Add(_location);
        Add(_split);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["info shapes-mds", "info /data/imagenet-mds --split train", "info https://example.com/imagenet/val --json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(
            parsed.GetRequiredValue(_location), parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        await using (dataset.ConfigureAwait(false))
        {
            var summary = new DatasetSummary(dataset.Store.Location, dataset.Index);
            if (parsed.GetValue(_json))
            {
                JsonOutput.WriteDocument(Console.Output, summary.ToDocument(), DocumentContext.Default.InfoDocument);
            }
            else
            {
                foreach (var (name, text) in summary.ToFacts())
                {
                    Console.Tables.Write($"{name,-13}", new Style(decoration: Decoration.Dim));
                    Console.Tables.WriteLine(TerminalText.OneLine(text));
                }

                Console.Tables.Write(summary.ToColumns());
            }
        }

        return ExitCodes.Success;
    }
}
