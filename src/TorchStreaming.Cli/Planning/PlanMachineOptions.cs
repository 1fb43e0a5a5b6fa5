// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Simulation;

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

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_nodes);
        command.Add(_ranks);
        command.Add(_stepTime);
        command.Add(_bandwidth);
        command.Add(_cacheLimit);
        command.Add(_predownload);
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
        CacheLimit = parsed.GetValue(_cacheLimit)?.Bytes,
        Predownload = parsed.GetValue(_predownload),
    };
}
