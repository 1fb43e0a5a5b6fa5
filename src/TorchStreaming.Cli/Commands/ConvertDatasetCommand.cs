// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert dataset</c>: another format, compression or shard size for the same samples.</summary>
internal sealed class ConvertDatasetCommand : ToolCommand
{
    private readonly LocationArgument _location = new();
    private readonly Argument<string> _output = new("out") { Description = "The folder or URL to write the dataset to." };
    private readonly SplitOption _split = new();

    private readonly Option<string> _format = new("--format")
    {
        Description = "The format to write; text formats hold text and numbers only.",
        HelpName = "mds|jsonl|csv|tsv|tar",
        DefaultValueFactory = _ => ShardFormats.Mds,
    };

    private readonly EncodingsOption _encodings = new("Other encodings of MDS columns, with commas between, as in id=str_int.");

    private readonly Option<ImmutableDictionary<string, string>?> _fields = new("--fields")
    {
        Description = "What the files in tars end with, with commas between, as in x=jpg,y=cls. Default: the column, then its kind.",
        HelpName = "name=ending",
        CustomParser = OptionParsers.Fields,
    };

    private readonly DatasetConversionOptions _options = new();

    private readonly WorkersOption _workers = new(
        "How many shards are fetched, decompressed and compressed at a time; the bytes that are written do not depend on it. Default: 2.");

    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertDatasetCommand(ToolConsole console)
        : base("dataset", "Writes the samples of a dataset, in order, in another format, compression or shard size.", console)
    {
        _format.AcceptOnlyFromAmong(ShardFormats.Mds, "jsonl", ShardFormats.Csv, ShardFormats.Tsv, ShardFormats.Tar);
        Add(_location);
        Add(_output);
        Add(_split);
        Add(_format);
        Add(_encodings);
        Add(_fields);
        _options.AddTo(this);
        Add(_workers);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "convert dataset shapes-mds /data/shapes-zstd --compression zstd:3 --hashes xxh64 --size-limit 128mb",
        "convert dataset shapes-mds shapes-tar --format tar --compression none --fields x=jpg,y=cls",
        "convert dataset /data/captions /data/captions-jsonl --format jsonl --compression none",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(
            parsed.GetRequiredValue(_location), parsed.GetValue(_split), cancellationToken).ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var format = parsed.GetRequiredValue(_format);
        var options = new DatasetConverterOptions
        {
            Format = format == "jsonl" ? ShardFormats.Json : format,
            Encodings = parsed.GetValue(_encodings) ?? ImmutableDictionary<string, string>.Empty,
            TarFields = parsed.GetValue(_fields) ?? ImmutableDictionary<string, string>.Empty,
            Writer = _options.Read(parsed, dataset.Index),
        };
        if (parsed.GetValue(_workers) is { } workers)
        {
            options = options with { Workers = workers, Writer = options.Writer with { MaxConcurrentShards = workers } };
        }

        await DatasetConversion.RunAsync(
            Console, dataset, parsed.GetRequiredValue(_output), options, parsed.GetValue(_json), cancellationToken).ConfigureAwait(false);
        return ExitCodes.Success;
    }
}
