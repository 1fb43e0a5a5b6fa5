// SPDX-License-Identifier: MIT

using System.Diagnostics;
using Xunit;

namespace TorchStreaming.TestKit;

/// <summary>Runs a program of the machine.</summary>
public static class ProgramRun
{
    /// <summary>Runs a program in a folder and waits for it.</summary>
    /// <returns>What it wrote.</returns>
    public static string Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }
}
