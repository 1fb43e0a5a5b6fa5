// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TorchStreaming.Benchmarks;

/// <summary>Upstream's own library in a Python process that answers one request per line, so that it can take turns with ours.</summary>
internal sealed class Upstream : IDisposable
{
    private const string Ready = "ready";
    private readonly Process _process;

    private Upstream(Process process) => _process = process;

    /// <summary>Gets the interpreter: <c>TORCHSTREAMING_PYTHON</c>, or <c>python3</c>.</summary>
    public static string Python => Environment.GetEnvironmentVariable("TORCHSTREAMING_PYTHON") ?? "python3";

    /// <summary>Starts the driver.</summary>
    /// <returns>The driver, or <see langword="null"/> where the interpreter cannot import upstream's library.</returns>
    public static Upstream? Start()
    {
        var start = new ProcessStartInfo(Python)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Measuring", "upstream_shards.py") },
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
                return new Upstream(process);
            }

            process.Dispose();
        }
        catch (Win32Exception)
        {
            // There is no such interpreter.
        }

        Console.WriteLine($"Without upstream: '{Python} -c \"import streaming\"' does not work (set TORCHSTREAMING_PYTHON or PYTHONPATH).");
        Console.WriteLine();
        return null;
    }

    /// <summary>Asks for a measurement.</summary>
    /// <param name="request">Its name and arguments.</param>
    /// <returns>The numbers of the answer.</returns>
    /// <exception cref="InvalidOperationException">Upstream failed.</exception>
    public double[] Ask(params ReadOnlySpan<string> request)
    {
        _process.StandardInput.WriteLine(string.Join('\t', request));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? "error: the driver has ended";
        return answer.StartsWith("error", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"Upstream's '{request[0]}': {answer}")
            : [.. answer.Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
