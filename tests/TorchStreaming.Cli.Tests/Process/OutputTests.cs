// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Cli.Tests;

/// <summary>The tool as a process of its own: what happens to output that cannot be written.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Output_ToAFullDisk_IsAFailureAndNoSilentLoss()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        using var shell = System.Diagnostics.Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList = { "-c", $"dotnet '{ToolProcess.Tool}' completions bash > /dev/full" },
            RedirectStandardError = true,
        })!;
        var error = await shell.StandardError.ReadToEndAsync().WaitAsync(ToolProcess.Patience);
        await shell.WaitForExitAsync().WaitAsync(ToolProcess.Patience);

        Assert.Equal(ExitCodes.Failure, shell.ExitCode);
        Assert.StartsWith("error: The standard output cannot be written", error, StringComparison.Ordinal);
    }
}
