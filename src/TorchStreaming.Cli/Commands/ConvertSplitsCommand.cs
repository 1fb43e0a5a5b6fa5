// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert cifar10</c>, <c>ade20k</c>, <c>coco</c> and <c>enwiki</c>: the splits of a well-known layout
/// become splits of one dataset.</summary>
internal sealed class ConvertSplitsCommand : ToolCommand
{
    private readonly ImmutableArray<string> _usualSplits;
    private readonly Func<string, string, RawSource> _open;
    private readonly Argument<string> _source = new("dir") { Description = "The folder with the raw data." };
    private readonly Argument<string> _output = new("out") { Description = "The folder to write the splits to." };
    private readonly Option<ImmutableArray<string>> _splits;
    private readonly RawConversionOptions _options = new();
    private readonly JsonOption _json = new("Write what was made as JSON.");

    private ConvertSplitsCommand(
        string name,
        string description,
        ImmutableArray<string> usualSplits,
        Func<string, string, RawSource> open,
        ToolConsole console,
        bool shuffles = true)
        : base(name, description, console)
    {
        _usualSplits = usualSplits;
        _open = open;
        _splits = new("--split")
        {
            Description = $"The splits to convert, with commas between. Default: {string.Join(',', usualSplits)}.",
            HelpName = "names",
            CustomParser = OptionParsers.Names,
        };
        Add(_source);
        Add(_output);
        Add(_splits);
        _options.AddTo(this, shuffles);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        $"convert {Name} /data/{Name} /data/{Name}-mds",
        $"convert {Name} /data/{Name} /data/{Name}-mds --split {_usualSplits[^1]} --on-error skip",
    ];

    /// <inheritdoc/>
    public override string AfterInterruption => "the same command continues where it stopped";

    /// <summary>Creates the commands.</summary>
    /// <param name="console">Where their data and talk go.</param>
    public static IEnumerable<ConvertSplitsCommand> CreateAll(ToolConsole console) =>
    [
        new("cifar10", "Makes a dataset (i:int, x:pil, y:int) per split from CIFAR-10's binary version.", ["train", "test"],
            Cifar10Batches.Open, console),
        new("ade20k", "Makes a dataset (uid:bytes, x:jpeg, y:png) per split from ADE20K's images and annotations.", ["train", "val"],
            Ade20KFolder.Open, console),
        new("coco", "Makes a dataset (img:jpeg, img_id:int, boxes and labels) per split from COCO 2017.", ["train", "val"],
            CocoFolder.Open, console),
        new("enwiki", "Makes a dataset (text:str) per split from the text files of the English Wikipedia.", ["train", "val"],
            EnWikiText.Open, console, shuffles: false),
    ];

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = parsed.GetRequiredValue(_source);
        var splits = parsed.GetResult(_splits) is null ? _usualSplits : parsed.GetValue(_splits);
        var sources = splits.Select(split => (Split: split, Source: _open(directory, split))).ToArray();
        return SplitConversion.RunAsync(
            Console,
            [.. sources.Select(each => (each.Split, (Func<string, RawConverter>)(output =>
                RawConverter.Open(each.Source, output, _options.Read(parsed, each.Source.DefaultOptions)))))],
            parsed.GetRequiredValue(_output),
            parsed.GetValue(_json),
            cancellationToken);
    }
}
