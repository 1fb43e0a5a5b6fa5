// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>The options that conversions of image folders share.</summary>
internal sealed class ImageConversionOptions
{
    private readonly RawConversionOptions _options = new();

    private readonly Option<int?> _resize = new("--resize")
    {
        Description = "Scale larger images down so that their shorter side has this many pixels.",
        HelpName = "pixels",
        CustomParser = OptionParsers.Positive,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _options.AddTo(command, shuffles: true);
        command.Add(_resize);
    }

    /// <summary>Reads the options of a command line.</summary>
    public ImageFolderConverterOptions Read(ParseResult parsed) =>
        _options.Read(parsed, ImageFolderConverterOptions.Default) with { Resize = parsed.GetValue(_resize) };
}
