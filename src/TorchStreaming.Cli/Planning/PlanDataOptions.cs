// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>The options of <c>plan</c> that make a dataset up.</summary>
internal sealed class PlanDataOptions
{
    private readonly Option<ByteSize?> _sampleSize = new("--sample-size")
    {
        Description = "With --samples: the bytes of a sample. Default: 100kb.",
        HelpName = "size",
        CustomParser = OptionParsers.Size,
    };

    private readonly Option<ByteSize?> _shardSize = new("--shard-size")
    {
        Description = "With --samples: the bytes of a shard. Default: 64mb.",
        HelpName = "size",
        CustomParser = OptionParsers.Size,
    };

    private readonly Option<ByteSize?> _compressedSize = new("--compressed-size")
    {
        Description = "With --samples: the bytes of a sample in compressed shards. Default: not compressed.",
        HelpName = "size",
        CustomParser = OptionParsers.Size,
    };

    /// <summary>Gets the option for the number of samples.</summary>
    public Option<long?> Samples { get; } = new("--samples")
    {
        Description = "Make a dataset of this many samples up, for example 1b.",
        HelpName = "count",
        CustomParser = OptionParsers.Samples,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(Samples);
        command.Add(_sampleSize);
        command.Add(_shardSize);
        command.Add(_compressedSize);
    }

    /// <summary>Makes the dataset up.</summary>
    public PlannedData Imagine(ParseResult parsed) => PlannedData.Imagine(
        parsed.GetValue(Samples)!.Value,
        (parsed.GetValue(_sampleSize) ?? ByteSize.KiB(100)).Bytes,
        (parsed.GetValue(_shardSize) ?? ByteSize.MiB(64)).Bytes,
        parsed.GetValue(_compressedSize)?.Bytes);
}
