// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>How a dataset is written that is made of another one. What is not given stays as it is there.</summary>
internal sealed class DatasetConversionOptions
{
    private readonly Option<ImmutableArray<CompressionScheme>> _compression = new("--compression")
    {
        Description = "The compression of the shards, for example zstd:3, or none. Default: as it is.",
        HelpName = "name[:level]",
        CustomParser = OptionParsers.Compression,
    };

    private readonly Option<ImmutableArray<string>> _hashes = new("--hashes")
    {
        Description = "The hashes to record, with commas between, or none. Default: as they are.",
        HelpName = "names",
        CustomParser = OptionParsers.Hashes,
    };

    private readonly Option<ByteSize> _sizeLimit = new("--size-limit")
    {
        Description = "The maximum size of a shard before compression. Default: as it is.",
        HelpName = "size",
        CustomParser = OptionParsers.SizeLimit,
    };

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Delete the output folder with everything in it first.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_compression);
        command.Add(_hashes);
        command.Add(_sizeLimit);
        command.Add(_overwrite);
    }

    /// <summary>Reads the options of a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">The dataset to convert.</param>
    public DatasetWriterOptions Read(ParseResult parsed, DatasetIndex source)
    {
        var (first, usual) = (source.Shards.IsEmpty ? null : source.Shards[0], new DatasetWriterOptions());
        var isLegacy = first?.Schema.Format == ShardFormats.Legacy;
        var sourceCompression = CompressionScheme.TryParse(first?.Compression, out var scheme) ? scheme : null;
        var sourceLimit = first is null || isLegacy ? usual.SizeLimit : first.SizeLimit is { } bytes ? new ByteSize(bytes) : null;
        return usual with
        {
            CompressionScheme = parsed.GetResult(_compression) is null ? sourceCompression : parsed.GetValue(_compression).FirstOrDefault(),
            Hashes = parsed.GetResult(_hashes) is null
                ? first?.Hashes ?? []
                : [.. parsed.GetValue(_hashes).Distinct().Order(StringComparer.Ordinal)],
            SizeLimit = parsed.GetResult(_sizeLimit) is null ? sourceLimit : parsed.GetValue(_sizeLimit),
            ExistOk = parsed.GetValue(_overwrite),
        };
    }
}
