// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming index tar</c>: tables of samples beside tars, and an index over them.</summary>
internal sealed class IndexTarCommand : ToolCommand
{
    private readonly Argument<string> _location = new("location")
    {
        Description = "The tars: one, a pattern as in s3://b/train-{000..146}.tar, or their folder.",
    };

    private readonly Option<bool> _dali = new("--dali") { Description = "Write an .idx for NVIDIA DALI beside each tar, too." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace an index.json that is there." };
    private readonly JsonOption _json = new("Write what was made as JSON.");

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public IndexTarCommand(ToolConsole console)
        : base("tar", "Goes through tars of files once and writes where their samples are, so that nobody has to again.", console)
    {
        Add(_location);
        Add(_dali);
        Add(_overwrite);
        Add(_json);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["index tar /data/imagenet-tars", "index tar 's3://bucket/train-{000000..000146}.tar' --dali --json"];

    /// <inheritdoc/>
    public override string AfterInterruption => "there is no index; run the command again.";

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var location = parsed.GetRequiredValue(_location);
        var options = new TarIndexerOptions { WriteDaliIndex = parsed.GetValue(_dali), Overwrite = parsed.GetValue(_overwrite) };
        var index = await ProgressDisplay.RunAsync(
            Console, "index", progress => TarIndexer.WriteAsync(location, options, progress, cancellationToken), "read").ConfigureAwait(false);
        var place = ObjectStoreLocation.WithoutSecrets(location);
        Console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{place}: {Counted.Of(index.SampleCount, "sample")} in {Counted.Of(index.Shards.Length, "tar")}, {new ByteSize(index.StoredBytes)}"));
        if (parsed.GetValue(_json))
        {
            var columns = index.Shards[0].Schema.Columns.Select(static column => column.Name);
            JsonOutput.WriteDocument(
                Console.Output,
                new IndexTarDocument(place, index.Shards.Length, index.SampleCount, index.StoredBytes, columns),
                DocumentContext.Default.IndexTarDocument);
        }

        return ExitCodes.Success;
    }
}
