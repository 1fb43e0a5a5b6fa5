// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert webvid</c>: a table of WebVid and the folder of its videos become one dataset.</summary>
internal sealed class ConvertWebVidCommand : ConvertSourceCommand
{
    private readonly Argument<string> _table = new("table") { Description = "The CSV file." };
    private readonly Argument<string> _videos = new("videos") { Description = "The folder of the videos, page_dir/videoid.mp4 or videoid.mp4." };

    private readonly Option<string?> _extra = new("--extra")
    {
        Description = "Copy the videos to this folder, as iii/jjj.mp4, instead of putting them into the shards.",
        HelpName = "dir",
    };

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertWebVidCommand(ToolConsole console)
        : base("webvid", "Makes a dataset (content:bytes, or content_path:str, and texts) of WebVid's table and videos.", console) =>
        AddAll([_table, _videos], [_extra]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "convert webvid results_2M_val.csv /data/webvid/videos /data/webvid-mds --split val --on-error skip",
        "convert webvid results_2M_train.csv /data/webvid/videos /data/webvid-mds --extra /data/webvid-mp4",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (table, videos) = (parsed.GetRequiredValue(_table), parsed.GetRequiredValue(_videos));
        var source = parsed.GetValue(_extra) is { } extra
            ? WebVidTable.OpenOutside(table, videos, extra, Overwrites(parsed))
            : WebVidTable.Open(table, videos);
        return ConvertAsync(parsed, source, cancellationToken);
    }
}
