// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>A command that makes one dataset of raw data that is read from front to back.</summary>
internal abstract class ConvertSourceCommand : ToolCommand
{
    private readonly Argument<string> _output = new("out") { Description = "The folder to write the dataset to." };
    private readonly SplitOption _split = new("Write to this sub-folder of the output.");
    private readonly RawConversionOptions _options = new();
    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="name">The word that calls it.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="console">Where its data and talk go.</param>
    protected ConvertSourceCommand(string name, string description, ToolConsole console)
        : base(name, description, console)
    {
    }

    /// <inheritdoc/>
    public override string AfterInterruption => "the same command continues where it stopped";

    /// <summary>Adds everything to the command line; to be called once.</summary>
    /// <param name="sources">What the raw data is.</param>
    /// <param name="options">The command's own options.</param>
    protected void AddAll(IEnumerable<Argument> sources, IEnumerable<Option> options)
    {
        foreach (var source in sources)
        {
            Add(source);
        }

        Add(_output);
        foreach (var option in options)
        {
            Add(option);
        }

        Add(_split);
        _options.AddTo(this, shuffles: false);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <summary>Opens the raw data and converts it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellationToken">Interrupts the conversion.</param>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);

    /// <summary>Tells whether what is there already may go.</summary>
    protected bool Overwrites(ParseResult parsed) => _options.Read(parsed, RawConverterOptions.Default).Overwrite;

    /// <summary>Converts raw data.</summary>
    protected Task<int> ConvertAsync(ParseResult parsed, RawSource source, CancellationToken cancellationToken)
    {
        var options = _options.Read(parsed, source.DefaultOptions);
        return SplitConversion.RunAsync(
            Console,
            [(parsed.GetValue(_split) ?? "", directory => RawConverter.Open(source, directory, options))],
            parsed.GetRequiredValue(_output),
            parsed.GetValue(_json),
            cancellationToken);
    }
}
