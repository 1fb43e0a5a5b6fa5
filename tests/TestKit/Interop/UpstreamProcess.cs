// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;

namespace TorchStreaming.TestKit;

/// <summary>A Python process that runs a driver of upstream's own library: one request per line of its input, one line of answer.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class UpstreamProcess : IDisposable
{
    private const string Ready = "ready";
    private const string Error = "error";

    private readonly Process _process;

    private UpstreamProcess(Process process) => _process = process;

    /// <summary>Gets the interpreter: <c>TORCHSTREAMING_PYTHON</c>, or <c>python3</c>.</summary>
    public static string Python => Environment.GetEnvironmentVariable("TORCHSTREAMING_PYTHON") ?? "python3";

    /// <summary>Gets why there is no upstream when <see cref="Start"/> gives none.</summary>
    public static string Remedy =>
        $"'{Python} -c \"import streaming\"' does not work here: pip install mosaicml-streaming, or set TORCHSTREAMING_PYTHON or PYTHONPATH.";

    /// <summary>Starts a driver.</summary>
    /// <param name="script">The driver, which prints <c>ready</c> when it has imported the library.</param>
    /// <returns>The driver, or <see langword="null"/> where the interpreter cannot import upstream's library.</returns>
    public static UpstreamProcess? Start(string script)
    {
        var start = new ProcessStartInfo(Python, [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.BeginErrorReadLine();
            if (process.StandardOutput.ReadLine() == Ready)
            {
                return new UpstreamProcess(process);
            }

            process.Dispose();
        }
        catch (Win32Exception)
        {
            // There is no such interpreter.
        }

        return null;
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">Its name and arguments, without tabs.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">Upstream failed.</exception>
    public string Ask(params ReadOnlySpan<string> request)
    {
        _process.StandardInput.WriteLine(string.Join('\t', request));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? $"{Error}: the driver has ended";
        return answer.StartsWith(Error, StringComparison.Ordinal)
            ? throw new InvalidOperationException($"Upstream's '{request[0]}': {answer}")
            : answer;
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
