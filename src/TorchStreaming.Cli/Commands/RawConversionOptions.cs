// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>The options that conversions of raw data share. What is not given is as the kind of raw data has it.</summary>
internal sealed class RawConversionOptions
{
    private readonly Option<string> _format = new("--format")
    {
        Description = "The format to write: MDS shards, or tars as WebDataset has them, with an index.",
        HelpName = "mds|tar",
        DefaultValueFactory = _ => RawConverterOptions.Default.Format,
    };

    private readonly Option<ImmutableArray<CompressionScheme>> _compression = new("--compression")
    {
        Description = "The compression of the shards, for example zstd:3, or none.",
        HelpName = "name[:level]",
        CustomParser = OptionParsers.Compression,
    };

    private readonly Option<ImmutableArray<string>> _hashes = new("--hashes")
    {
        Description = $"The hashes to record, with commas between. Default: {string.Join(',', RawConverterOptions.Default.Hashes)}.",
        HelpName = "names",
        CustomParser = OptionParsers.Hashes,
    };

    private readonly Option<ByteSize> _sizeLimit = new("--size-limit")
    {
        Description = "The maximum size of a shard before compression.",
        HelpName = "size",
        CustomParser = OptionParsers.SizeLimit,
    };

    private readonly Option<long> _shuffleSeed = new("--shuffle-seed")
    {
        Description = "The number that the shuffled order depends on.",
        DefaultValueFactory = _ => RawConverterOptions.Default.ShuffleSeed,
    };

    private readonly Option<bool> _noShuffle = new("--no-shuffle") { Description = "Write in the order of the raw data." };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "How many items are read at a time. Default: the number of processors.",
        HelpName = "count",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<SampleErrorPolicy> _onError = new("--on-error")
    {
        Description = "What to do with damaged items and those of another format. Default: fail.",
        HelpName = "fail|skip",
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Delete the dataset that is in the output already." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="shuffles">Whether items can be shuffled.</param>
    public void AddTo(Command command, bool shuffles)
    {
        _format.AcceptOnlyFromAmong(ShardFormats.Mds, ShardFormats.Tar);
        command.Add(_format);
        command.Add(_compression);
        command.Add(_hashes);
        command.Add(_sizeLimit);
        if (shuffles)
        {
            command.Add(_shuffleSeed);
            command.Add(_noShuffle);
        }

        command.Add(_workers);
        command.Add(_onError);
        command.Add(_overwrite);
    }

    /// <summary>Reads the options of a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="defaults">What is not given.</param>
    /// <typeparam name="T">The kind of options.</typeparam>
    public T Read<T>(ParseResult parsed, T defaults)
        where T : RawConverterOptions => defaults with
    {
        Format = parsed.GetRequiredValue(_format),
        CompressionScheme = parsed.GetResult(_compression) is null ? defaults.CompressionScheme : parsed.GetValue(_compression).FirstOrDefault(),
        Hashes = parsed.GetResult(_hashes) is null ? defaults.Hashes : parsed.GetValue(_hashes),
        SizeLimit = parsed.GetResult(_sizeLimit) is null ? defaults.SizeLimit : parsed.GetValue(_sizeLimit),
        ShuffleSeed = parsed.GetResult(_shuffleSeed) is null ? defaults.ShuffleSeed : parsed.GetValue(_shuffleSeed),
        Shuffle = defaults.Shuffle && (parsed.GetResult(_noShuffle) is null || !parsed.GetValue(_noShuffle)),
        Workers = parsed.GetValue(_workers) ?? defaults.Workers,
        OnError = parsed.GetValue(_onError),
        Overwrite = parsed.GetValue(_overwrite),
    };
}
