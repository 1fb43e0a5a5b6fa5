// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>Chooses encodings of columns.</summary>
internal sealed class EncodingsOption : Option<ImmutableDictionary<string, string>?>
{
    /// <summary>Creates the option.</summary>
    /// <param name="description">What is chosen, and what is otherwise.</param>
    public EncodingsOption(string description)
        : base("--encodings")
    {
        Description = description;
        HelpName = "name=encoding";
        CustomParser = OptionParsers.Encodings;
    }
}
