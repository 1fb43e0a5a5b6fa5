// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert legacy</c>: Composer's legacy format becomes MDS.</summary>
internal sealed class ConvertLegacyCommand : ToolCommand
{
    private readonly Argument<string> _location = new("location")
    {
        Description = "The folder or URL that holds index.mds or index.mds.gz.",
    };

    private readonly Argument<string> _output = new("out") { Description = "The folder or URL to write the dataset to." };
    private readonly SplitOption _split = new("The split, that is, the sub-folder of the location that holds the index.");

    private readonly EncodingsOption _encodings = new("What fields hold, with commas between, as in x=jpeg,y=int64. Default: bytes.");

    private readonly DatasetConversionOptions _options = new();
    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertLegacyCommand(ToolConsole console)
        : base("legacy", "Makes an MDS dataset of one in the first streaming format of Composer.", console)
    {
        Add(_location);
        Add(_output);
        Add(_split);
        Add(_encodings);
        _options.AddTo(this);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "convert legacy /data/imagenet-2022 /data/imagenet-mds --split train --encodings x=jpeg,y=int64,i=int64",
        "convert legacy /data/c4-2022 /data/c4-mds --encodings text=str --compression zstd:3",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenLegacyAsync(
            parsed.GetRequiredValue(_location), parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var options = new DatasetConverterOptions
        {
            Encodings = parsed.GetValue(_encodings) ?? ImmutableDictionary<string, string>.Empty,
            Writer = _options.Read(parsed, dataset.Index),
        };
        await DatasetConversion.RunAsync(
            Console, dataset, parsed.GetRequiredValue(_output), options, parsed.GetValue(_json), cancellationToken).ConfigureAwait(false);
        return ExitCodes.Success;
    }
}
