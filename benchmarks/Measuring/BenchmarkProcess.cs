// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;

namespace TorchStreaming.Benchmarks;

/// <summary>Runs measurements in processes of their own.</summary>
internal static class BenchmarkProcess
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote, or <see langword="null"/> when it does not exist or failed.</returns>
    public static string? Run(string program, ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start)!;
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs this program with other arguments.</summary>
    /// <returns>What it wrote, or <see langword="null"/> when it failed.</returns>
    public static string? RunSelf(ReadOnlySpan<string> arguments)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? Run(program, [Environment.GetCommandLineArgs()[0], .. arguments])
            : Run(program, arguments);
    }
}
