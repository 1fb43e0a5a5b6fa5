// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>How much is done at a time.</summary>
internal sealed class WorkersOption : Option<int?>
{
    /// <summary>Creates the option.</summary>
    /// <param name="description">What there are several of.</param>
    public WorkersOption(string description)
        : base("--workers")
    {
        Description = description;
        HelpName = "count";
        CustomParser = OptionParsers.Positive;
    }
}
