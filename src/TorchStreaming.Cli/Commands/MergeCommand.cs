// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming merge</c>: one index over the data sets in the folders below a root.</summary>
internal sealed class MergeCommand : ToolCommand
{
    private readonly Argument<string> _root = new("root")
    {
        Description = "The folder or URL whose sub-folders hold the data sets; their common index.json is written to it.",
    };

    private readonly Argument<string[]> _folders = new("folder")
    {
        Description = "The sub-folders to merge, in this order. Default: all that hold an index.json, sorted.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the index that is in the root already." };
    private readonly JsonOption _json = new("Write what was merged as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public MergeCommand(ToolConsole console)
        : base("merge", "Makes one data set of several in folders below a root by writing their common index; no shard is copied.", console)
    {
        Add(_root);
        Add(_folders);
        Add(_overwrite);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["merge shapes-mds", "merge /data/parts part-0 part-1 --overwrite"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var root = parsed.GetRequiredValue(_root);
        var folders = parsed.GetValue(_folders) ?? [];
        var store = ObjectStoreResolver.Default.Open(root);
        await using var closing = store.ConfigureAwait(false);
        var retrying = new RetryingObjectStore(store, ownsInner: false);
        await using var ending = retrying.ConfigureAwait(false);
        var merged = await IndexMerger.MergeAsync(
            retrying,
            folders.Length == 0 ? null : [.. folders.Select(static folder => $"{folder.TrimEnd('/')}/{DatasetIndex.FileName}")],
            parsed.GetValue(_overwrite),
            cancellationToken).ConfigureAwait(false);
        Console.Say(string.Create(
            CultureInfo.InvariantCulture, $"{store.Location}: {merged.SampleCount:N0} samples in {merged.Shards.Length:N0} shards"));
        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(Console.Output, json =>
            {
                json.WriteStartObject();
                json.WriteString("location", store.Location);
                json.WriteNumber("shards", merged.Shards.Length);
                json.WriteNumber("samples", merged.SampleCount);
                json.WriteNumber("raw_bytes", merged.RawBytes);
                json.WriteNumber("stored_bytes", merged.StoredBytes);
                json.WriteEndObject();
            });
        }

        return ExitCodes.Success;
    }
}
