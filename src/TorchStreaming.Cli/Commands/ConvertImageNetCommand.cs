// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert imagenet</c>: splits of class folders become splits of one dataset.</summary>
internal sealed class ConvertImageNetCommand : ToolCommand
{
    private static readonly ImmutableArray<string> UsualSplits = ["train", "val"];

    private readonly Argument<string> _source = new("dir")
    {
        Description = "The folder with a sub-folder per split, each with one sub-folder of JPEG files per class.",
    };

    private readonly Argument<string> _output = new("out") { Description = "The folder to write the splits to." };

    private readonly Option<ImmutableArray<string>> _splits = new("--split")
    {
        Description = $"The splits to convert, with commas between. Default: {string.Join(',', UsualSplits)}.",
        HelpName = "names",
        CustomParser = OptionParsers.Names,
    };

    private readonly ImageConversionOptions _options = new();
    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertImageNetCommand(ToolConsole console)
        : base("imagenet", "Makes a dataset (i:int, x:jpeg, y:int) per split from folders in the layout of ImageNet.", console)
    {
        Add(_source);
        Add(_output);
        Add(_splits);
        _options.AddTo(this);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "convert imagenet /data/imagenet /data/imagenet-mds",
        "convert imagenet /data/imagenet /data/imagenet-256 --split val --resize 256 --workers 16",
    ];

    /// <inheritdoc/>
    public override string AfterInterruption => "the same command continues where it stopped";

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var splits = parsed.GetResult(_splits) is null ? UsualSplits : parsed.GetValue(_splits);
        var options = _options.Read(parsed);
        var sources = ImageFolder.ScanSplits(parsed.GetRequiredValue(_source), splits, cancellationToken);
        return SplitConversion.RunAsync(
            Console,
            [.. splits.Zip(sources, (split, source) =>
                (split, (Func<string, RawConverter>)(directory => ImageFolderConverter.Open(source, directory, options))))],
            parsed.GetRequiredValue(_output),
            parsed.GetValue(_json),
            cancellationToken);
    }
}
