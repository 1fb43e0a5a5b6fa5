// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Tests.Caching;

/// <summary>Another process that holds a lock file until it is killed.</summary>
internal sealed class FlockProcess : IDisposable
{
    private const string Program = "/usr/bin/flock";

    private readonly Process _process;

    private FlockProcess(Process process) => _process = process;

    public static bool IsAvailable => OperatingSystem.IsLinux() && File.Exists(Program);

    public static async Task<FlockProcess> StartAsync(string path, bool isShared = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] arguments = [isShared ? "--shared" : "--exclusive", "--close", path, "sh", "-c", "echo held; read line"];
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true },
        };
        process.Start();
        Assert.Equal("held", await process.StandardOutput.ReadLineAsync());
        return new FlockProcess(process);
    }

    /// <summary>Kills the holder; what it has started ends with the pipe.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.Dispose();
    }
}
