// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Packaging.Tests;

/// <summary>One finished run of <c>dotnet</c> or of a tool it installed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, output and errors together.</param>
internal sealed record DotnetRun(int ExitCode, string Output)
{
    /// <summary>How long a run may take before it counts as hung.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Gets the <c>dotnet</c> that runs the tests.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs <c>dotnet</c> in a folder and asserts that it succeeds.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> SucceedAsync(string folder, params string[] arguments)
        => (await FinishAsync(folder, arguments)).Succeeded(arguments);

    /// <summary>Runs <c>dotnet</c> in a folder, whatever comes of it.</summary>
    public static Task<DotnetRun> FinishAsync(string folder, params string[] arguments)
        => StartAsync(folder, Host, arguments);

    /// <summary>Runs a program in a folder and asserts that it succeeds.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> SucceedAsync(string folder, FileInfo program, params string[] arguments)
        => (await StartAsync(folder, program.FullName, arguments)).Succeeded(arguments);

    /// <summary>Describes a process that runs in a folder, apart from the build that runs the tests and from what the user has.</summary>
    public static ProcessStartInfo Describe(string folder, string program, params IEnumerable<string> arguments)
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

        // It would win over the package folder that the feed's NuGet.config names.
        start.Environment.Remove("NUGET_PACKAGES");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";

        // Where file-based apps are built.
        start.Environment["XDG_DATA_HOME"] = Directory.CreateDirectory(Path.Combine(folder, "data-home")).FullName;
        return start;
    }

    private static async Task<DotnetRun> StartAsync(string folder, string program, string[] arguments)
    {
        var start = Describe(folder, program, arguments);
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
