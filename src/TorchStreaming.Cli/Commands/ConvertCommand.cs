// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert</c>: makes data sets from raw data. One sub-command for each kind of raw data.</summary>
internal sealed class ConvertCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertCommand(ToolConsole console)
        : base("convert", "Makes MDS data sets from raw data. An interrupted conversion is continued by the same command.", console)
    {
        Add(new ConvertImageFolderCommand(console));
        Add(new ConvertImageNetCommand(console));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["convert imagefolder shapes shapes-mds --compression zstd:3", "convert imagenet /data/imagenet /data/imagenet-mds --resize 256"];
}
