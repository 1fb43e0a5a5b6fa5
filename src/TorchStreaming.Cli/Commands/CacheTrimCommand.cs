// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cache trim</c>: makes a cache smaller.</summary>
internal sealed class CacheTrimCommand : ToolCommand
{
    private readonly CacheDirectoryArgument _directory = new();

    private readonly Option<ByteSize> _to = new("--to")
    {
        Description = "The size that may remain, for example 200gb; 0 keeps only what is in use.",
        HelpName = "size",
        Required = true,
        CustomParser = OptionParsers.SizeOrNothing,
    };

    private readonly JsonOption _json = new("Write what was done as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public CacheTrimCommand(ToolConsole console)
        : base("trim", "Deletes the shards that nobody used for the longest time; never one in use, nor the only copy.", console)
    {
        Add(_directory);
        Add(_to);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["cache trim --to 200gb", "cache trim /nvme/cache --to 0 --json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (directory, limit) = (parsed.GetRequiredValue(_directory), parsed.GetRequiredValue(_to));
        var trim = await CacheTrimmer.TrimAsync(directory, limit, cancellationToken: cancellationToken).ConfigureAwait(false);
        Console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(trim.EvictedShards, "shard")} deleted, {new ByteSize(trim.EvictedBytes)}; {new ByteSize(trim.RemainingBytes)} remain"));
        var isEnough = trim.RemainingBytes <= limit.Bytes;
        if (!isEnough)
        {
            Console.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"more than {limit} remain: indexes, shards in use, and {new ByteSize(trim.OnlyCopyBytes)} that nobody downloaded"));
        }

        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(
                Console.Output,
                new CacheTrimDocument(trim.EvictedShards, trim.EvictedBytes, trim.RemainingBytes, trim.OnlyCopyBytes),
                DocumentContext.Default.CacheTrimDocument);
        }

        return isEnough || limit.Bytes == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }
}
