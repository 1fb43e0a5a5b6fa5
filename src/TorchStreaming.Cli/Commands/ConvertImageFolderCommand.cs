// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert imagefolder</c>: a folder of class folders becomes one dataset.</summary>
internal sealed class ConvertImageFolderCommand : ToolCommand
{
    private readonly Argument<string> _source = new("dir") { Description = "The folder with one sub-folder of JPEG files per class." };
    private readonly Argument<string> _output = new("out") { Description = "The folder to write the dataset to." };
    private readonly SplitOption _split = new("Write to this sub-folder of the output.");
    private readonly ImageConversionOptions _options = new();
    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertImageFolderCommand(ToolConsole console)
        : base("imagefolder", "Makes a dataset (i:int, x:jpeg, y:int) from a folder with one sub-folder per class.", console)
    {
        Add(_source);
        Add(_output);
        Add(_split);
        _options.AddTo(this);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "convert imagefolder photos photos-mds",
        "convert imagefolder photos photos-tar --format tar",
        "convert imagefolder photos photos-mds --split train --compression zstd:3 --size-limit 32mb --on-error skip",
    ];

    /// <inheritdoc/>
    public override string AfterInterruption => "the same command continues where it stopped";

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (directory, output) = (parsed.GetRequiredValue(_source), parsed.GetRequiredValue(_output));
        var source = ImageFolder.Scan(directory, cancellationToken);
        SplitFolders.ThrowIfAny(source, directory, output);
        var options = _options.Read(parsed);
        return SplitConversion.RunAsync(
            Console,
            [(parsed.GetValue(_split) ?? "", folder => ImageFolderConverter.Open(source, folder, options))],
            output,
            parsed.GetValue(_json),
            cancellationToken);
    }
}
