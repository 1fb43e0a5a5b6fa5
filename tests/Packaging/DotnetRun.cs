// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Packaging.Tests;

/// <summary>One finished run of <c>dotnet</c> or of a tool it installed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, output and errors together.</param>
internal sealed record DotnetRun(int ExitCode, string Output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs <c>dotnet</c> in a folder and asserts that it succeeds.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> SucceedAsync(string folder, params string[] arguments)
        => (await FinishAsync(folder, arguments)).Succeeded(arguments);

    /// <summary>Runs <c>dotnet</c> in a folder, whatever comes of it.</summary>
    public static Task<DotnetRun> FinishAsync(string folder, params string[] arguments)
        => StartAsync(folder, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    /// <summary>Runs a program in a folder and asserts that it succeeds.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> SucceedAsync(string folder, FileInfo program, params string[] arguments)
        => (await StartAsync(folder, program.FullName, arguments)).Succeeded(arguments);

    private static async Task<DotnetRun> StartAsync(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The build that runs the tests must not reach into those that they start, and none of them may leave a server behind that keeps the pipes open.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";

        // Where file-based apps are built.
        start.Environment["XDG_DATA_HOME"] = Directory.CreateDirectory(Path.Combine(folder, "data-home")).FullName;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }

        return new DotnetRun(process.ExitCode, await output + await errors);
    }

    private string Succeeded(string[] arguments)
    {
        Assert.True(ExitCode == 0, $"{string.Join(' ', arguments)}: exit code {ExitCode}\n{Output}");
        return Output;
    }
}
