// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming merge</c>: one index over the datasets in the folders below a root, or over copies of datasets that are
/// anywhere.</summary>
internal sealed class MergeCommand : ToolCommand
{
    private readonly Argument<string> _root = new("root")
    {
        Description = "The folder or URL whose sub-folders hold the datasets; their common index.json is written to it. "
            + "With --out: the first dataset.",
    };

    private readonly Argument<string[]> _folders = new("folder")
    {
        Description = "The sub-folders to merge, in this order. Default: all that hold an index.json, sorted. "
            + "With --out: the folders or URLs of further datasets.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _output = new("--out")
    {
        Description = "The folder or URL of the merged dataset. Each dataset that is not below it is copied to a folder of its name.",
        HelpName = "folder",
    };

    private readonly WorkersOption _workers = new("How many shards are copied at a time. Default: 4.");
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the index that is there already." };
    private readonly JsonOption _json = new("Write what was merged as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public MergeCommand(ToolConsole console)
        : base("merge", "Makes one dataset of several by writing their common index; shards are copied only to --out.", console)
    {
        Add(_root);
        Add(_folders);
        Add(_output);
        Add(_workers);
        Add(_overwrite);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => 
    [
        "merge shapes-mds",
        "merge /data/parts part-0 part-1 --overwrite",
        "merge s3://here/english https://there.example/german --out /data/both",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (root, folders) = (parsed.GetRequiredValue(_root), parsed.GetValue(_folders) ?? []);
        var output = parsed.GetValue(_output);
        var overwrite = parsed.GetValue(_overwrite);
        var merged = output is null
            ? await WriteIndexAsync(root, folders, overwrite, cancellationToken).ConfigureAwait(false)
            : await ProgressDisplay.RunAsync(
                Console,
                "merge",
                progress => DatasetMerger.MergeAsync(
                    [root, .. folders], output, overwrite, parsed.GetValue(_workers) ?? 4, progress, cancellationToken),
                "copied").ConfigureAwait(false);
        Report(ObjectStoreLocation.WithoutSecrets(output ?? root), merged, parsed.GetValue(_json));
        return ExitCodes.Success;
    }

    private static async Task<DatasetIndex> WriteIndexAsync(
        string root, string[] folders, bool overwrite, CancellationToken cancellationToken)
    {
        var store = new RetryingObjectStore(ObjectStoreResolver.Default.Open(root));
        await using var closing = store.ConfigureAwait(false);
        return await IndexMerger.MergeAsync(
            store,
            folders.Length == 0 ? null : [.. folders.Select(static folder => $"{folder.TrimEnd('/')}/{DatasetIndex.FileName}")],
            overwrite,
            cancellationToken).ConfigureAwait(false);
    }

    private void Report(string location, DatasetIndex merged, bool asJson)
    {
        Console.Say(string.Create(
            CultureInfo.InvariantCulture, $"{location}: {Counted.Of(merged.SampleCount, "sample")} in {Counted.Of(merged.Shards.Length, "shard")}"));
        if (asJson)
        {
            JsonOutput.WriteDocument(Console.Output, DatasetDocument.Of(location, merged), DocumentContext.Default.DatasetDocument);
        }
    }
}
