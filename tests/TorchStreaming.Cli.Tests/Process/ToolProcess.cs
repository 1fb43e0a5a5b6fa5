// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;

namespace TorchStreaming.Cli.Tests;

/// <summary>The tool as a process of its own; disposing kills it if it still runs.</summary>
internal sealed class ToolProcess : IDisposable
{
    /// <summary>How long anything may take before a test gives up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ToolProcess(Process process)
    {
        _process = process;
        Error = process.StandardError.ReadToEndAsync();
        Output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Gets the tool in its own build output: the copy beside the tests lacks what the tests' framework brings.</summary>
    public static string Tool
    {
        get
        {
            var tests = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(tests.Parent!.Parent!.FullName, "TorchStreaming.Cli", tests.Name, "torchstreaming.dll");
        }
    }

    /// <summary>Gets the standard error, complete when the tool has ended.</summary>
    public Task<string> Error { get; }

    /// <summary>Gets the standard output, complete when the tool has ended.</summary>
    public Task<string> Output { get; }

    /// <summary>Starts the tool.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets beside those of this process.</param>
    public static ToolProcess Start(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        string[] command = IsInterruptIgnored() ? ["env", "--default-signal=INT", "dotnet", Tool] : ["dotnet", Tool];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the tool has done something. A thread of its own looks, so that other tests cannot keep it from
    /// looking.</summary>
    public async Task WaitUntilAsync(Func<bool> isDone)
    {
        var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = new Thread(() => found.SetResult(Watch(isDone))) { IsBackground = true, Name = "tool watcher" };
        watcher.Start();
        if (await found.Task is { } failure)
        {
            _process.Kill();
            Assert.Fail($"{failure}: {await Error}");
        }
    }

    /// <summary>Sends a signal by its name without SIG.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Waits for the end of the tool.</summary>
    public async Task AssertExitAsync(int exitCode)
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(exitCode == _process.ExitCode, $"exit code {_process.ExitCode}: {await Error}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Says whether this process ignores Ctrl-C, as a shell's background jobs do. A process that it starts would as well.</summary>
    private static bool IsInterruptIgnored()
    {
        const string Ignored = "SigIgn:";
        const ulong Interrupt = 1UL << 1;
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (ulong.Parse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    private string? Watch(Func<bool> isDone)
    {
        using var pause = new ManualResetEventSlim();
        var waited = Stopwatch.StartNew();
        while (!isDone())
        {
            if (_process.HasExited || waited.Elapsed > Patience)
            {
                return _process.HasExited ? "The tool ended too early" : "The tool did nothing";
            }

            pause.Wait(TimeSpan.FromMilliseconds(5));
        }

        return null;
    }
}
