// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;

namespace TorchStreaming.Benchmarks;

/// <summary>Runs measurements in processes of their own.</summary>
internal static class BenchmarkProcess
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote, or <see langword="null"/> when it does not exist or failed.</returns>
    public static string? Run(string program, ReadOnlySpan<string> arguments, bool asUsers = false)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (asUsers)
        {
            start.Environment["DOTNET_TieredCompilation"] = "1";
            start.Environment["DOTNET_TieredPGO"] = "1";
        }

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
    /// <param name="arguments">The arguments.</param>
    /// <param name="asUsers">Whether code is compiled as in an ordinary program: quickly first, well when it is hot.</param>
    /// <returns>What it wrote, or <see langword="null"/> when it failed.</returns>
    public static string? RunSelf(ReadOnlySpan<string> arguments, bool asUsers = false)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? Run(program, [Environment.GetCommandLineArgs()[0], .. arguments], asUsers)
            : Run(program, arguments, asUsers);
    }

    /// <summary>Starts this program with other arguments, with its input and output in the caller's hands.</summary>
    public static Process StartSelf(ReadOnlySpan<string> arguments)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
