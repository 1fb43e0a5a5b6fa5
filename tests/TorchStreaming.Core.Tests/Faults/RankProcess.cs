// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Faults;

/// <summary>A rank that reads through a shared cache in a process of its own. Disposing kills it if it still runs.</summary>
internal sealed class RankProcess : IDisposable
{
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

    /// <summary>Starts a rank.</summary>
    public static RankProcess Start(
        string remote, string local, int rank, int ranks, int epochs = 1, long cacheLimit = 0, int pauseMilliseconds = 0)
    {
        // Beside the tests' own build output, whatever the configuration.
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(tests.Parent!.Parent!.FullName, "ProcessHost", tests.Name, "ProcessHost.dll");
        string[] numbers = [.. new[] { rank, ranks, epochs, cacheLimit, pauseMilliseconds }
            .Select(static number => number.ToString(CultureInfo.InvariantCulture))];
        return new RankProcess(Process.Start(new ProcessStartInfo("dotnet", [program, remote, local, .. numbers])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
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
            long.Parse(done[1], CultureInfo.InvariantCulture),
            long.Parse(done[2], CultureInfo.InvariantCulture));
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
    /// <param name="DownloadedBytes">The bytes that this process downloaded.</param>
    /// <param name="MostCacheBytes">The most bytes that it saw in the cache.</param>
    internal sealed record RankReport(IReadOnlyList<string> Epochs, long DownloadedBytes, long MostCacheBytes);
}
