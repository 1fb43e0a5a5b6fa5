// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>Asks for output that programs read.</summary>
internal sealed class JsonOption : Option<bool>
{
    /// <summary>Creates the option.</summary>
    /// <param name="description">What is written then.</param>
    public JsonOption(string description = "Write JSON instead of text for people.")
        : base("--json")
    {
        Description = description;
    }
}
