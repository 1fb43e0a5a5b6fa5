// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>The options of <c>plan</c> that say what the machines are like.</summary>
internal sealed class PlanMachineOptions
{
    private readonly Option<int?> _nodes = new("--nodes") { Description = "How many nodes. Default: 1.", HelpName = "count", CustomParser = OptionParsers.Positive };
    private readonly Option<int?> _ranks = new("--ranks") { Description = "How many ranks, that is, devices, on each node. Default: 1.", HelpName = "count", CustomParser = OptionParsers.Positive };

    private readonly Option<double> _stepTime = new("--step-time")
    {
        Description = "Milliseconds that the devices compute for a batch.",
        HelpName = "ms",
        Required = true,
    };

    private readonly Option<ByteSize?> _bandwidth = new("--bandwidth")
    {
        Description = "The bytes per second that a node downloads, for example 500mb. Default: 1gb.",
        HelpName = "size",
        CustomParser = OptionParsers.Size,
    };

    private readonly Option<TimeSpan?> _latency = new("--latency")
    {
        Description = "How long a request goes without its first byte, for example 50ms. Default: 20ms.",
        HelpName = "time",
        CustomParser = OptionParsers.Duration,
    };

    private readonly Option<ByteSize?> _cacheLimit = new("--cache-limit")
    {
        Description = "What a node's cache may hold. Default: no limit.",
        HelpName = "size",
        CustomParser = OptionParsers.Size,
    };

    private readonly Option<int?> _predownload = new("--predownload")
    {
        Description = "How many samples each rank fetches ahead. Default: eight batches.",
        HelpName = "samples",
        CustomParser = OptionParsers.Positive,
    };

    private readonly Option<int?> _concurrentShards = new("--concurrent-shards")
    {
        Description = "How many shards each rank asks for at a time. Default: 16.",
        HelpName = "count",
        CustomParser = OptionParsers.Positive,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_nodes);
        command.Add(_ranks);
        command.Add(_stepTime);
        command.Add(_bandwidth);
        command.Add(_latency);
        command.Add(_cacheLimit);
        command.Add(_predownload);
        command.Add(_concurrentShards);
        _stepTime.Validators.Add(result =>
        {
            if (result.GetValue(_stepTime) is not (>= 0 and <= 3_600_000))
            {
                result.AddError("A step takes from 0 to 3600000 milliseconds.");
            }
        });
    }

    /// <summary>Gives a run the machines.</summary>
    public TrainingRun Apply(ParseResult parsed, TrainingRun run) => run with
    {
        Nodes = parsed.GetValue(_nodes) ?? 1,
        RanksPerNode = parsed.GetValue(_ranks) ?? 1,
        StepTime = TimeSpan.FromMilliseconds(parsed.GetValue(_stepTime)),
        BytesPerSecond = (parsed.GetValue(_bandwidth) ?? ByteSize.GiB(1)).Bytes,
        Latency = parsed.GetValue(_latency) ?? TimeSpan.FromMilliseconds(20),
        CacheLimit = parsed.GetValue(_cacheLimit)?.Bytes,
        Predownload = parsed.GetValue(_predownload),
        ConcurrentShards = parsed.GetValue(_concurrentShards) ?? run.ConcurrentShards,
    };
}
