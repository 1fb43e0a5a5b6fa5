// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming convert</c>: makes datasets from raw data and from other datasets.
/// One sub-command for each kind of source.</summary>
internal sealed class ConvertCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public ConvertCommand(ToolConsole console)
        : base("convert", "Makes datasets from images, texts, videos, tars and other datasets.", console)
    {
        Add(new ConvertImageFolderCommand(console));
        Add(new ConvertImageNetCommand(console));
        foreach (var command in ConvertSplitsCommand.CreateAll(console))
        {
            Add(command);
        }

        foreach (var command in ConvertTextCommand.CreateAll(console))
        {
            Add(command);
        }

        Add(new ConvertWebVidCommand(console));
        Add(new ConvertWebVidExtractCommand(console));
        foreach (var command in ConvertFilesCommand.CreateAll(console))
        {
            Add(command);
        }

        Add(new ConvertDatasetCommand(console));
        Add(new ConvertLegacyCommand(console));
        Add(new ConvertTarCommand(console));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
        ["convert imagefolder shapes shapes-mds --compression zstd:3", "convert imagenet /data/imagenet /data/imagenet-mds --resize 256"];
}
