// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cache prefetch</c>: downloads a dataset, or a part of it, before a run needs it.</summary>
internal sealed class CachePrefetchCommand : ToolCommand
{
    private readonly LocationArgument _location = new();
    private readonly SplitOption _split = new();

    private readonly Option<string?> _local = new("--local")
    {
        Description = "The cache directory, without the split. Default: the one of this location, as datasets without a local directory have.",
        HelpName = "dir",
    };

    private readonly Option<SampleSlice?> _shards = new("--shards")
    {
        Description = "The shards to fetch, as in 0:100, :10 or -3:. Default: all.",
        HelpName = "first:end",
        CustomParser = OptionParsers.Range,
    };

    private readonly Option<string?> _hash = new("--hash")
    {
        Description = "Check downloads with this hash of the index, for example xxh64. Default: sizes only.",
        HelpName = "name",
    };

    private readonly Option<bool> _keepZip = new("--keep-zip") { Description = "Keep compressed files beside the decompressed ones." };
    private readonly WorkersOption _workers = new("How many shards are fetched at a time. Default: 8.");
    private readonly JsonOption _json = new("Write what is resident as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public CachePrefetchCommand(ToolConsole console)
        : base("prefetch", "Downloads a dataset, a split or some shards into a cache.", console)
    {
        Add(_location);
        Add(_split);
        Add(_local);
        Add(_shards);
        Add(_hash);
        Add(_keepZip);
        Add(_workers);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "cache prefetch s3://bucket/imagenet --split train --local /nvme/cache",
        "cache prefetch https://example.com/imagenet/val --shards :10 --hash xxh64",
    ];

    /// <inheritdoc/>
    public override string AfterInterruption => "the same command continues where it stopped";

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (location, split) = (parsed.GetRequiredValue(_location), parsed.GetValue(_split));
        var local = Path.Join(parsed.GetValue(_local) ?? StreamingDataset.GetDefaultLocal(location), split);
        var store = ObjectStoreResolver.Default.Open(ObjectStoreLocation.Append(location, split));
        await using var closing = store.ConfigureAwait(false);
        var options = new ShardCacheOptions { ValidateHash = parsed.GetValue(_hash), KeepZip = parsed.GetValue(_keepZip) };
        var index = await IndexFile.ReadAsync(local, store, options, cancellationToken).ConfigureAwait(false);
        var cache = await ShardCache.OpenAsync(local, index.Shards, store, options, cancellationToken).ConfigureAwait(false);
        await using var ending = cache.ConfigureAwait(false);
        int[] numbers = [.. (parsed.GetValue(_shards) ?? new SampleSlice(null, null)).Apply(index.Shards.Length).Select(static i => (int)i)];
        await ProgressDisplay.RunAsync(
            Console,
            "prefetch",
            async progress =>
            {
                await CachePrefetch.RunAsync(
                    cache, index.Shards, numbers, parsed.GetValue(_workers) ?? 8, new CacheProgressAdapter(progress), cancellationToken)
                    .ConfigureAwait(false);
                return numbers.Length;
            },
            "downloaded").ConfigureAwait(false);
        Report(local, numbers.Length, index, cache.Statistics, parsed.GetValue(_json));
        return ExitCodes.Success;
    }

    private void Report(string local, int shards, DatasetIndex index, CacheStatistics statistics, bool json)
    {
        Console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{local}: {shards:N0} of {Counted.Of(index.Shards.Length, "shard")} resident, {statistics.Hits:N0} were before, "
                + $"{new ByteSize(statistics.DownloadedBytes)} downloaded"));
        if (json)
        {
            JsonOutput.WriteDocument(
                Console.Output,
                new CachePrefetchDocument(local, shards, index.Shards.Length, statistics.Hits, statistics.DownloadedBytes),
                DocumentContext.Default.CachePrefetchDocument);
        }
    }
}
