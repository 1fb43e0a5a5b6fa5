// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming synth</c>: makes a labeled image folder to try things with.</summary>
internal sealed class SynthCommand : ToolCommand
{
    private static readonly SyntheticImageFolderOptions Defaults = SyntheticImageFolderOptions.Default;

    private readonly Argument<string> _directory = new("dir") { Description = "The folder to make." };

    private readonly Option<int> _images = new("--images") { Description = "How many images.", DefaultValueFactory = _ => Defaults.Images };

    private readonly Option<int> _validation = new("--val-images")
    {
        Description = "How many images for validation besides; with any, the folder has the layout of ImageNet (train, val).",
    };

    private readonly Option<int> _classes = new("--classes")
    {
        Description = $"How many classes, at most {Enum.GetValues<SyntheticShape>().Length}.",
        DefaultValueFactory = _ => Defaults.Classes,
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "The random seed.",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private readonly Option<(int Minimum, int Maximum)> _size = new("--size")
    {
        Description = "The minimum and the maximum side in pixels.",
        HelpName = "min-max",
        CustomParser = OptionParsers.PixelRange,
        DefaultValueFactory = _ => (Defaults.MinimumSize, Defaults.MaximumSize),
    };

    private readonly Option<float> _color = new("--class-color")
    {
        Description = "How strongly color tells the class, from 0 to 1.",
        DefaultValueFactory = _ => Defaults.ClassColor,
    };

    private readonly Option<bool> _raw = new("--raw") { Description = "Store raw pixels (.pil) instead of JPEG files." };

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Delete the folders of the classes first where they exist.",
    };

    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public SynthCommand(ToolConsole console)
        : base("synth", "Makes a small labeled image folder: a shape per class on textured noise.", console)
    {
        Add(_directory);
        Add(_images);
        Add(_validation);
        Add(_classes);
        Add(_seed);
        Add(_size);
        Add(_color);
        Add(_raw);
        Add(_overwrite);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["synth shapes", "synth shapes --images 5000 --val-images 500 --classes 16 --size 224-224 --seed 7"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (minimum, maximum) = parsed.GetValue(_size);
        var options = new SyntheticImageFolderOptions
        {
            Images = parsed.GetValue(_images),
            ValidationImages = parsed.GetValue(_validation),
            Classes = parsed.GetValue(_classes),
            Seed = parsed.GetValue(_seed),
            MinimumSize = minimum,
            MaximumSize = maximum,
            ClassColor = parsed.GetValue(_color),
            RawPixels = Defaults.RawPixels || parsed.GetValue(_raw),
            Overwrite = parsed.GetValue(_overwrite),
        };
        if (Defaults.RawPixels)
        {
            Console.Say("libturbojpeg was not found: storing raw pixels instead of JPEG files (Debian package libturbojpeg0).");
        }

        var directory = parsed.GetRequiredValue(_directory);
        var made = await ProgressDisplay.RunAsync(
            Console,
            "synth",
            progress => SyntheticImageFolder.CreateAsync(directory, options, progress, cancellationToken)).ConfigureAwait(false);
        Console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{directory}: {Counted.Of(made.Images, "image")} of {Counted.Of(made.Classes.Length, "class", "classes")} ({string.Join(", ", made.Classes)})"));
        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(
                Console.Output, new SynthDocument(directory, made.Images, made.Bytes, made.Classes), DocumentContext.Default.SynthDocument);
        }

        return ExitCodes.Success;
    }
}
