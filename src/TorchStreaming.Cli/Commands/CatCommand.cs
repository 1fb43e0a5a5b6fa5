// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cat</c>: prints samples.</summary>
internal sealed class CatCommand : ToolCommand
{
    private readonly LocationArgument _location = new();

    private readonly Argument<long[]> _ids = new("id")
    {
        Description = "Samples by number; negative ones count from the end. Default: all.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly SplitOption _split = new();

    private readonly Option<SampleSlice?> _range = new("--range")
    {
        Description = "A run of samples, as Python slices: 10:20, :5, -3:.",
        HelpName = "a:b",
        CustomParser = OptionParsers.Range,
    };

    private readonly Option<ImmutableArray<string>> _columns = new("--columns")
    {
        Description = "The columns to show, with commas between. Default: all.",
        HelpName = "names",
        CustomParser = OptionParsers.Names,
    };

    private readonly JsonOption _json = new("Write one JSON object per line; bytes as their number and sha256.");
    private readonly Option<bool> _base64 = new("--base64") { Description = "With --json: write bytes as base64 instead." };
    private readonly Option<string?> _output = new("--output")
    {
        Description = "Write images and other bytes to files in this folder.",
        HelpName = "dir",
    };

    private readonly CacheOption _cache = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data goes.</param>
    public CatCommand(ToolConsole console)
        : base("cat", "Prints samples.", console)
    {
        Add(_location);
        Add(_ids);
        Add(_split);
        Add(_range);
        Add(_columns);
        Add(_json);
        Add(_base64);
        Add(_output);
        Add(_cache);
        Validators.Add(result =>
        {
            if (result.GetResult(_range) is not null && result.GetResult(_ids) is { Tokens.Count: > 0 })
            {
                result.AddError("Name samples by number or by --range, not both.");
            }
        });
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "cat shapes-mds --range :5",
        "cat shapes-mds 0 17 -1 --columns x,y --output images",
        "cat https://example.com/imagenet --split val --range -10: --json",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(
            parsed.GetRequiredValue(_location), parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var count = dataset.Index.SampleCount;
        var columns = CheckColumns(dataset.Index, parsed.GetValue(_columns));
        IEnumerable<long> ids = parsed.GetValue(_ids) is { Length: > 0 } named
            ? SampleSlice.Resolve([.. named], count)
            : (parsed.GetValue(_range) ?? new SampleSlice(null, null)).Apply(count);

        var reader = await SampleReader.OpenAsync(dataset, parsed.GetValue(_cache), cancellationToken).ConfigureAwait(false);
        await using var closingReader = reader.ConfigureAwait(false);
        using var decoder = new FieldDecoder();
        var files = parsed.GetValue(_output) is { } output ? new SampleFileWriter(output) : null;
        var renderer = new SampleRenderer(parsed.GetValue(_base64), files);
        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (shard, index) = await reader.LocateAsync(id, cancellationToken).ConfigureAwait(false);
            var values = decoder.Decode(shard.Reader, index, columns);
            if (parsed.GetValue(_json))
            {
                renderer.WriteLine(Console.Output, id, values);
            }
            else
            {
                WriteText(renderer, id, values);
            }
        }

        return ExitCodes.Success;
    }

    private static ImmutableArray<string> CheckColumns(DatasetIndex index, ImmutableArray<string> wanted)
    {
        if (wanted.IsDefaultOrEmpty)
        {
            return [];
        }

        ImmutableArray<string> known = [.. index.Shards.SelectMany(static shard => shard.Schema.Columns)
            .Select(static column => column.Name).Distinct()];
        return wanted.Except(known).FirstOrDefault() is { } unknown
            ? throw new ArgumentException($"There is no column '{unknown}'. The dataset has {string.Join(", ", known)}.")
            : wanted;
    }

    private void WriteText(SampleRenderer renderer, long id, List<(string Column, object Value)> values)
    {
        var fields = values.Select(field => $"{TerminalText.OneLine(field.Column)}: {renderer.ToText(id, field.Column, field.Value)}");
        Console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id}  {string.Join("  ", fields)}"));
    }
}
