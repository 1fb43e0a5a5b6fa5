// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>Which files of a folder are meant.</summary>
internal sealed class FilesOption : Option<string>
{
    /// <summary>Creates the option.</summary>
    public FilesOption()
        : base("--files")
    {
        Description = "Which files of the folder, with * and ?.";
        HelpName = "pattern";
        DefaultValueFactory = _ => "*";
    }
}
