// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>A sub-folder of the location.</summary>
internal sealed class SplitOption : Option<string?>
{
    /// <summary>Creates the option.</summary>
    /// <param name="description">What the split is for.</param>
    public SplitOption(string description = "The split, that is, the sub-folder of the location that holds index.json.")
        : base("--split")
    {
        Description = description;
        HelpName = "name";
    }
}
