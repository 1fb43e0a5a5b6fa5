// SPDX-License-Identifier: MIT

using System.CommandLine;

namespace TorchStreaming.Cli;

/// <summary>A command that shows examples at the end of its help.</summary>
internal abstract class ToolCommand : Command
{
    /// <summary>Creates the command.</summary>
    /// <param name="name">The word that calls it.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="console">Where its data and its talk go.</param>
    protected ToolCommand(string name, string description, ToolConsole console)
        : base(name, description)
    {
        Console = console;
    }

    /// <summary>Gets command lines to learn from, without the name of the tool.</summary>
    public virtual IReadOnlyList<string> Examples => [];

    /// <summary>Gets what to do after an interruption, or <see langword="null"/> when there is nothing to say.</summary>
    public virtual string? AfterInterruption => null;

    /// <summary>Gets where the command's data and talk go.</summary>
    protected ToolConsole Console { get; }
}
