// SPDX-License-Identifier: MIT

using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>A test that needs a program of the machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <summary>Skips the test where the program is missing.</summary>
    /// <param name="program">The program's name.</param>
    public ProgramFactAttribute(string program)
    {
        Program = program;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => folder.Length > 0 && File.Exists(Path.Join(folder, program))))
        {
            Skip = $"The program '{program}' is not installed.";
        }
    }

    /// <summary>Gets the program's name.</summary>
    public string Program { get; }
}
