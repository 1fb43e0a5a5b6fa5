// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using TorchStreaming.Ordering;

namespace TorchStreaming.Cli;

/// <summary>The options of <c>plan</c> that decide the order.</summary>
internal sealed class PlanOrderOptions
{
    private readonly Option<int?> _batchSize = new("--batch-size")
    {
        Description = "Samples per batch and rank.",
        HelpName = "samples",
        CustomParser = OptionParsers.Positive,
        Required = true,
    };

    private readonly Option<bool> _noShuffle = new("--no-shuffle") { Description = "Read in the order of the shards." };

    private readonly Option<string> _algorithm = new("--shuffle-algo")
    {
        Description = "py1e, py1s, py2s, py1br, py1b, naive or indexed.",
        HelpName = "name",
        DefaultValueFactory = _ => "py1e",
    };

    private readonly Option<int?> _blockSize = new("--shuffle-block-size")
    {
        Description = "How far samples travel. Default: 4000000 divided by the canonical nodes, but at least 262144.",
        HelpName = "samples",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<int?> _canonicalNodes = new("--canonical-nodes")
    {
        Description = "The canonical nodes. Default: as MosaicML Streaming, by algorithm and nodes.",
        HelpName = "count",
        CustomParser = OptionParsers.Positive,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_batchSize);
        command.Add(_noShuffle);
        command.Add(_algorithm);
        command.Add(_blockSize);
        command.Add(_canonicalNodes);
        _algorithm.CompletionSources.Add(static _ => Enum.GetValues<ShuffleAlgorithm>().Select(static algorithm => new CompletionItem(algorithm.ToName())));
        _algorithm.Validators.Add(result =>
        {
            try
            {
                OrderNames.Parse<ShuffleAlgorithm>(result.GetValue(_algorithm)!);
            }
            catch (ArgumentException exception)
            {
                result.AddError(exception.Message);
            }
        });
    }

    /// <summary>Makes the order's options.</summary>
    public OrderOptions Create(ParseResult parsed, ImmutableArray<int> shardSizes) => new()
    {
        Streams = [new StreamShape { ShardSizes = shardSizes }],
        BatchSize = parsed.GetValue(_batchSize)!.Value,
        Shuffle = !parsed.GetValue(_noShuffle),
        ShuffleAlgorithm = OrderNames.Parse<ShuffleAlgorithm>(parsed.GetValue(_algorithm)!),
        ShuffleBlockSize = parsed.GetValue(_blockSize),
        NumCanonicalNodes = parsed.GetValue(_canonicalNodes),
    };
}
