// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using Spectre.Console;

namespace TorchStreaming.Cli;

/// <summary>Where a command writes: data to the output, talk (progress, remarks, errors) to the error.</summary>
internal sealed class ToolConsole
{
    private const int WidthOfFiles = 160;

    /// <summary>Creates a console over two writers.</summary>
    /// <param name="output">Receives data.</param>
    /// <param name="error">Receives talk.</param>
    /// <param name="outputIsTerminal">Whether the output may contain colors.</param>
    /// <param name="errorIsTerminal">Whether progress may be drawn over itself.</param>
    /// <param name="time">The clock for rates; <see langword="null"/> for the system's.</param>
    public ToolConsole(
        TextWriter output, TextWriter error, bool outputIsTerminal = false, bool errorIsTerminal = false, TimeProvider? time = null)
    {
        Output = output;
        Error = error;
        OutputIsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
        Time = time ?? TimeProvider.System;
        Tables = CreateAnsiConsole(output, outputIsTerminal);
        Talk = CreateAnsiConsole(error, errorIsTerminal);
    }

    /// <summary>Gets the writer for data.</summary>
    public TextWriter Output { get; }

    /// <summary>Gets the writer for talk.</summary>
    public TextWriter Error { get; }

    /// <summary>Gets whether the output is a terminal.</summary>
    public bool OutputIsTerminal { get; }

    /// <summary>Gets whether the error is a terminal.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Gets the output for tables. Without a terminal it writes neither colors nor any other control character.</summary>
    public IAnsiConsole Tables { get; }

    /// <summary>Gets the error for progress that is drawn over itself.</summary>
    public IAnsiConsole Talk { get; }

    /// <summary>Creates the console of this process.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "It is where the tool meets the process's console.")]
    public static ToolConsole OfProcess() =>
        new(StandardOutput.OpenWriter(), Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Writes a line of talk.</summary>
    /// <param name="text">The line.</param>
    public void Say(string text) => Error.WriteLine(TerminalText.OneLine(text));

    /// <summary>Writes a line that says what failed.</summary>
    /// <param name="text">What failed, where, and what to try next.</param>
    /// <param name="details">The exception to show whole, or <see langword="null"/>.</param>
    public void SayError(string text, Exception? details = null)
    {
        Say($"error: {text}");
        if (details is not null)
        {
            Error.WriteLine(details);
        }
    }

    private static IAnsiConsole CreateAnsiConsole(TextWriter writer, bool terminal)
    {
        // Colors follow NO_COLOR, see https://no-color.org; TERM=dumb is seen by the detection.
        var color = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }
}
