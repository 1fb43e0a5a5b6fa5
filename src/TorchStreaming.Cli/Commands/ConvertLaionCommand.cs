// SPDX-License-Identifier: MIT

using System.CommandLine;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert laion</c>: tars of img2dataset become one data set.</summary>
internal sealed class ConvertLaionCommand : ConvertSourceCommand
{
    private readonly Argument<string> _source = new("dir")
    {
        Description = "The folder of the tars, made with --output_format webdataset.",
    };

    private readonly FilesOption _files = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertLaionCommand(ToolConsole console)
        : base("laion", "Makes a data set (jpg:bytes, caption:str, …) of LAION-400M in img2dataset's tars.", console) =>
        AddAll([_source], [_files]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["convert laion /data/laion400m /data/laion400m-mds --files '000*' --on-error skip"];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ConvertAsync(parsed, LaionTars.Open(parsed.GetRequiredValue(_source), parsed.GetRequiredValue(_files)), cancellationToken);
}
