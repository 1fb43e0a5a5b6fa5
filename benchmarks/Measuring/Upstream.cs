// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks;

/// <summary>Upstream's own library, measured in a process that takes turns with ours.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly UpstreamProcess _process;

    private Upstream(UpstreamProcess process) => _process = process;

    /// <summary>Starts the driver, or says why upstream is left out.</summary>
    public static Upstream? Start()
    {
        if (UpstreamProcess.Start(Path.Combine(AppContext.BaseDirectory, "Measuring", "upstream_shards.py")) is { } process)
        {
            return new Upstream(process);
        }

        Console.WriteLine($"Without upstream: {UpstreamProcess.Remedy}");
        Console.WriteLine();
        return null;
    }

    /// <summary>Asks for a measurement.</summary>
    /// <param name="request">Its name and arguments.</param>
    /// <returns>The numbers of the answer.</returns>
    public double[] Ask(params ReadOnlySpan<string> request) =>
        [.. _process.Ask(request).Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];

    public void Dispose() => _process.Dispose();
}
