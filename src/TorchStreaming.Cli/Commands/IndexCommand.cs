// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming index</c>: makes data sets of files where they lie. One sub-command for each kind of file.</summary>
internal sealed class IndexCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public IndexCommand(ToolConsole console)
        : base("index", "Makes data sets of files where they lie, by writing an index beside them.", console) =>
        Add(new IndexTarCommand(console));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["index tar /data/imagenet-tars"];
}
