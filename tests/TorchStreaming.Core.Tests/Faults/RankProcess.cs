// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Faults;

/// <summary>A rank that reads through a shared cache in a process of its own. Disposing kills it if it still runs.</summary>
internal sealed class RankProcess : IDisposable
{
    private const string SetPrivileges = "/usr/bin/setpriv";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private RankProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Gets whether <see cref="StartUnprivileged"/> works here.</summary>
    public static bool CanStartUnprivileged => !OperatingSystem.IsWindows() && (!Environment.IsPrivilegedProcess || File.Exists(SetPrivileges));

    /// <summary>Starts a rank.</summary>
    public static RankProcess Start(
        string remote, string local, int rank, int ranks, int epochs = 1, long cacheLimit = 0, int pauseMilliseconds = 0)
    {
        string[] arguments = Arguments(remote, local, [rank, ranks, epochs, cacheLimit, pauseMilliseconds]);
        return Start("dotnet", arguments);
    }

    /// <summary>Starts the only rank as a user whom the rights of files bind, also where the tests run as root.</summary>
    public static RankProcess StartUnprivileged(string remote, string local, long cacheLimit = 0)
    {
        string[] arguments = Arguments(remote, local, [0, 1, 1, cacheLimit, 0]);
        return Environment.IsPrivilegedProcess
            ? Start(SetPrivileges, ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", .. arguments])
            : Start("dotnet", arguments);
    }

    /// <summary>Starts the only rank on a system whose file locks do nothing.</summary>
    public static RankProcess StartWithoutLocks(string remote, string local) =>
        Start("dotnet", Arguments(remote, local, [0, 1, 1, 0, 0]), ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"));

    private static string[] Arguments(string remote, string local, ReadOnlySpan<long> numbers)
    {
        // Beside the tests' own build output, whatever the configuration.
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(tests.Parent!.Parent!.FullName, "ProcessHost", tests.Name, "ProcessHost.dll");
        string[] arguments = [program, remote, local];
        foreach (var number in numbers)
        {
            arguments = [.. arguments, number.ToString(CultureInfo.InvariantCulture)];
        }

        return arguments;
    }

    private static RankProcess Start(string program, string[] arguments, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new RankProcess(Process.Start(start)!);
    }

    /// <summary>Kills the process at once, as SIGKILL does, and waits until it is gone.</summary>
    /// <returns>Whether it still ran.</returns>
    public async Task<bool> KillAsync()
    {
        var ran = !_process.HasExited;
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return ran && _process.ExitCode != 0;
    }

    /// <summary>Waits for the end and says what was delivered.</summary>
    public async Task<RankReport> CompleteAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(_process.ExitCode == 0, $"exit code {_process.ExitCode}: {await _error}");
        var lines = (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var done = lines[^1].Split(' ');
        Assert.Equal("done", done[0]);
        return new RankReport(
            lines[..^1],
            await _error,
            long.Parse(done[1], CultureInfo.InvariantCulture),
            long.Parse(done[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for the end, which must be a failure, and gets what the rank said.</summary>
    public async Task<string> FailAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.NotEqual(0, _process.ExitCode);
        return await _error;
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

    /// <summary>What a rank got.</summary>
    /// <param name="Epochs">A line for each epoch: its samples and their digest.</param>
    /// <param name="Warnings">What was logged.</param>
    /// <param name="DownloadedBytes">The bytes that this process downloaded.</param>
    /// <param name="MostCacheBytes">The most bytes that it saw in the cache.</param>
    internal sealed record RankReport(IReadOnlyList<string> Epochs, string Warnings, long DownloadedBytes, long MostCacheBytes);
}
