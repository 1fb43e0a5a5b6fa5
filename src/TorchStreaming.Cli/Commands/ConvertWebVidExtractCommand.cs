// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert webvid-extract</c>: videos inside the shards of a dataset become files.</summary>
internal sealed class ConvertWebVidExtractCommand : ConvertSourceCommand
{
    private readonly LocationArgument _location = new();

    private readonly Option<string> _extra = new("--extra")
    {
        Description = "The folder to write the videos to, as iii/jjj.mp4.",
        HelpName = "dir",
        Required = true,
    };

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertWebVidExtractCommand(ToolConsole console)
        : base("webvid-extract", "Makes a dataset with content_path:str, and files, of one with the videos inside (content:bytes).", console) =>
        AddAll([_location], [_extra]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["convert webvid-extract /data/webvid-mds/val /data/webvid-outside/val --extra /data/webvid-mp4/val"];

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLocation.OpenAsync(parsed.GetRequiredValue(_location), split: null, cancellationToken)
            .ConfigureAwait(false);
        await using var closing = dataset.ConfigureAwait(false);
        var source = VideoExtraction.Open(
            dataset.Store, dataset.Directory, dataset.Index, parsed.GetRequiredValue(_extra), Overwrites(parsed));
        return await ConvertAsync(parsed, source, cancellationToken).ConfigureAwait(false);
    }
}
