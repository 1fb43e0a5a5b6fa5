// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>Where a command that reads samples keeps what it has to download or decompress.</summary>
internal sealed class CacheOption : Option<string?>
{
    /// <summary>Creates the option.</summary>
    public CacheOption()
        : base("--cache")
    {
        Description = "Keep what is downloaded or decompressed in this folder. Default: a temporary folder.";
        HelpName = "dir";
    }
}
