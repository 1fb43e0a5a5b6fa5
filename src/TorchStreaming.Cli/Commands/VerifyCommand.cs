// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming verify</c>: says everything that is wrong with a dataset.</summary>
internal sealed class VerifyCommand : ToolCommand
{
    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();
    private readonly Option<bool> _hashes = new("--hashes") { Description = "Compare all recorded hashes." };

    private readonly Option<bool> _decode = new("--decode")
    {
        Description = "Decode every value; of JPEG files headers and markers are read, not pixels.",
    };

    private readonly Option<bool> _repairIndex = new("--repair-index")
    {
        Description = "First make index.json again from the shards of the folder; one that is there is kept as index.json.bak.",
    };

    private readonly WorkersOption _workers = new("How many shards are worked on at a time. Default: the number of processors.");
    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public VerifyCommand(ToolConsole console)
        : base("verify", "Checks index, files, compression and samples of a dataset; exit code 1 when anything is wrong.", console)
    {
        Add(_location);
        Add(_split);
        Add(_hashes);
        Add(_decode);
        Add(_repairIndex);
        Add(_workers);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "verify shapes-mds",
        "verify /data/imagenet-mds --split train --hashes --decode",
        "verify shapes-mds --repair-index --json",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (location, split) = (parsed.GetRequiredValue(_location), parsed.GetValue(_split));
        if (parsed.GetValue(_repairIndex))
        {
            var rebuilt = IndexRepair.Repair(location, split, cancellationToken);
            Console.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{DatasetIndex.FileName}: made again from {Counted.Of(rebuilt.Shards.Length, "shard")} with {Counted.Of(rebuilt.SampleCount, "sample")}"));
        }

        var dataset = await DatasetLocation.OpenAsync(location, split, cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var options = new DatasetVerifierOptions { Hashes = parsed.GetValue(_hashes), Decode = parsed.GetValue(_decode) };
        options = options with { Workers = parsed.GetValue(_workers) ?? options.Workers };
        var found = await ProgressDisplay.RunAsync(
            Console,
            "verify",
            progress => DatasetVerifier.VerifyAsync(
                dataset.Store, dataset.Directory, dataset.Index, options, progress, cancellationToken),
            "read").ConfigureAwait(false);
        var report = new VerificationReport(dataset.Store.Location, dataset.Index, found);
        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(Console.Output, report.ToDocument(), DocumentContext.Default.VerifyDocument);
        }
        else
        {
            report.Print(Console);
        }

        return found.IsValid ? ExitCodes.Success : ExitCodes.Failure;
    }
}
