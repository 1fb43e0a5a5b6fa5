// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming index</c>: makes datasets of files where they are. One sub-command for each kind of file.</summary>
internal sealed class IndexCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public IndexCommand(ToolConsole console)
        : base("index", "Makes datasets of files where they are, by writing an index beside them.", console) =>
        Add(new IndexTarCommand(console));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["index tar /data/imagenet-tars"];
}
