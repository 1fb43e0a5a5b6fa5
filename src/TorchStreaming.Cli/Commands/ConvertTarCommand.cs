// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert tar</c>: tars of files (WebDataset) become MDS.</summary>
internal sealed class ConvertTarCommand : ToolCommand
{
    private readonly Argument<string> _location = new("location")
    {
        Description = "The tars: one, a pattern as in s3://b/train-{000..146}.tar, or their folder.",
    };

    private readonly Argument<string> _output = new("out") { Description = "The folder or URL to write the dataset to." };

    private readonly EncodingsOption _encodings =
        new("What fields hold, with commas between, as in jpg=jpeg,cls=str_int. Default: bytes.");

    private readonly Option<string> _rule = new("--keys")
    {
        Description = "How names become samples and fields.",
        HelpName = "webdataset|aistore",
        DefaultValueFactory = _ => "webdataset",
    };

    private readonly DatasetConversionOptions _options = new();
    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertTarCommand(ToolConsole console)
        : base("tar", "Makes an MDS dataset of tars of files, as WebDataset writes them. 'convert dataset --format tar' goes back.", console)
    {
        _rule.AcceptOnlyFromAmong("webdataset", "aistore");
        Add(_location);
        Add(_output);
        Add(_encodings);
        Add(_rule);
        _options.AddTo(this);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "convert tar '/data/imagenet/train-{000000..000146}.tar' /data/imagenet-mds --encodings jpg=jpeg,cls=str_int",
        "convert tar /data/tars /data/mds --compression zstd:3",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var rule = parsed.GetValue(_rule) == "aistore" ? TarKeyRule.AIStore : TarKeyRule.WebDataset;
        var dataset = await DatasetLocation.OpenTarsAsync(
            parsed.GetRequiredValue(_location), new TarOptions { KeyRule = rule }, cancellationToken).ConfigureAwait(false);
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
