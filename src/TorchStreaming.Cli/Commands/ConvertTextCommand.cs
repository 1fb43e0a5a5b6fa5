// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert text</c>, <c>c4</c> and <c>pile</c>: files of JSON lines become one dataset.</summary>
internal sealed class ConvertTextCommand : ConvertSourceCommand
{
    private readonly ImmutableArray<TextField> _usual;
    private readonly Argument<string> _source = new("source") { Description = "A file, or a folder of .json and .jsonl files (also .gz, .zst)." };
    private readonly FilesOption _files = new();

    private readonly Option<ImmutableArray<TextField>> _fields = new("--fields")
    {
        Description = "The columns, with commas between: name, or column=path, as in text,set=meta.pile_set_name.",
        HelpName = "fields",
        CustomParser = ParseFields,
    };

    private ConvertTextCommand(string name, string description, ImmutableArray<TextField> usual, bool choosesFields, ToolConsole console)
        : base(name, description, console)
    {
        _usual = usual;
        AddAll([_source], choosesFields ? [_files, _fields] : [_files]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => Name switch
    {
        "c4" => ["convert c4 /data/c4/en /data/c4-mds --files 'c4-train.*' --split train"],
        "pile" => ["convert pile /data/pile/train /data/pile-mds --split train --compression zstd:16"],
        _ => ["convert text texts.jsonl texts-mds", "convert text /data/wiki /data/wiki-mds --fields text,title,url=source.url"],
    };

    /// <summary>Creates the commands.</summary>
    /// <param name="console">Where their data and talk go.</param>
    public static IEnumerable<ConvertTextCommand> CreateAll(ToolConsole console) =>
    [
        new("text", "Makes a dataset (text:str, or the chosen fields) from files of JSON lines.", JsonLines.TextOnly, true, console),
        new("c4", "Makes a dataset (text, timestamp, url: str) from C4's files of JSON lines.", JsonLines.C4, false, console),
        new("pile", "Makes a dataset (text, pile_set_name: str) from the Pile's files of JSON lines.", JsonLines.Pile, false, console),
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var fields = parsed.GetResult(_fields) is null ? _usual : parsed.GetValue(_fields);
        var source = JsonLines.Open(parsed.GetRequiredValue(_source), fields, parsed.GetRequiredValue(_files));
        return ConvertAsync(parsed, source, cancellationToken);
    }

    private static ImmutableArray<TextField> ParseFields(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens[0].Value.Split(',').Select(TextField.Parse)];
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
            return [];
        }
    }
}
