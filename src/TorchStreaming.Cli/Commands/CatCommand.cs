// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cat</c>: prints samples.</summary>
internal sealed class CatCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data goes.</param>
    public CatCommand(ToolConsole console)
        : base("cat", "Prints samples.", console)
    {
    }
}
