// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>The options that conversions of images share.</summary>
internal sealed class ImageConversionOptions
{
    private static readonly ImageFolderConverterOptions Defaults = ImageFolderConverterOptions.Default;

    private readonly Option<CompressionScheme?> _compression = new("--compression")
    {
        Description = "The compression of the shards, for example zstd:3. Default: none.",
        HelpName = "name[:level]",
        CustomParser = OptionParsers.Compression,
    };

    private readonly Option<ImmutableArray<string>> _hashes = new("--hashes")
    {
        Description = $"The hashes to record, with commas between. Default: {string.Join(',', Defaults.Hashes)}.",
        HelpName = "names",
        CustomParser = OptionParsers.Hashes,
    };

    private readonly Option<ByteSize> _sizeLimit = new("--size-limit")
    {
        Description = "The greatest size of a shard before compression. Default: 64mb.",
        HelpName = "size",
        CustomParser = OptionParsers.SizeLimit,
    };

    private readonly Option<long> _shuffleSeed = new("--shuffle-seed")
    {
        Description = "The number that the shuffled order depends on.",
        DefaultValueFactory = _ => Defaults.ShuffleSeed,
    };

    private readonly Option<bool> _noShuffle = new("--no-shuffle") { Description = "Write class by class instead of in shuffled order." };

    private readonly Option<int?> _resize = new("--resize")
    {
        Description = "Scale larger images down so that their shorter side has this many pixels.",
        HelpName = "pixels",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "How many files are read at a time. Default: the number of processors.",
        HelpName = "count",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<ImageErrorPolicy> _onError = new("--on-error")
    {
        Description = "What becomes of damaged files and files that are no JPEG. Default: fail.",
        HelpName = "fail|skip",
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Delete the data set that is in the output already." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_compression);
        command.Add(_hashes);
        command.Add(_sizeLimit);
        command.Add(_shuffleSeed);
        command.Add(_noShuffle);
        command.Add(_resize);
        command.Add(_workers);
        command.Add(_onError);
        command.Add(_overwrite);
    }

    /// <summary>Reads the options of a command line.</summary>
    public ImageFolderConverterOptions Read(ParseResult parsed) => Defaults with
    {
        Compression = parsed.GetValue(_compression),
        Hashes = parsed.GetResult(_hashes) is null ? Defaults.Hashes : parsed.GetValue(_hashes),
        SizeLimit = parsed.GetResult(_sizeLimit) is null ? Defaults.SizeLimit : parsed.GetValue(_sizeLimit),
        ShuffleSeed = parsed.GetValue(_shuffleSeed),
        Shuffle = !parsed.GetValue(_noShuffle),
        Resize = parsed.GetValue(_resize),
        Workers = parsed.GetValue(_workers) ?? Defaults.Workers,
        OnError = parsed.GetValue(_onError),
        Overwrite = parsed.GetValue(_overwrite),
    };
}
