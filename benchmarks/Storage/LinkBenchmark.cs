// SPDX-License-Identifier: MIT

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>Measures how much of a link cold epochs use and how long the first batch takes. Server and client have a process
/// each.</summary>
internal static class LinkBenchmark
{
    private const int Samples = 20_000;
    private const int Rounds = 3;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var compression = arguments is ["zstd", ..] ? "zstd:3" : null;
        var folder = Path.Combine(LinkData.Folder, $"torchstreaming-link-data-{Environment.ProcessId}");
        try
        {
            await LinkData.WriteAsync(folder, Samples, compression);
            var bytes = Directory.GetFiles(folder).Sum(static file => new FileInfo(file).Length);
            var stored = FormattableString.Invariant($"{bytes / 1e6:F0} MB stored ({compression ?? "raw"})");
            Console.WriteLine($"{Samples} samples of {LinkData.SampleSize} bytes, {stored}, shuffled, batches of {LinkData.BatchSize}.");
            Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}.");
            Console.WriteLine("The link's rate is from opening the dataset to the last shard, that of samples to the last batch.");
            Console.WriteLine();
            Console.WriteLine(
                "| link | samples | MB/s carried | of the link | MB/s of samples | first batch, new process (s) | again (s) "
                + "| second batch (s) | processor | failed | hedged |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var profile in LinkProfile.All)
                {
                    Console.WriteLine(Measure(folder, profile));
                }
            }

            return 0;
        }
        finally
        {
            LinkData.Delete(folder);
        }
    }

    private static string Measure(string folder, LinkProfile profile)
    {
        using var server = BenchmarkProcess.StartSelf(["link-server", folder, .. profile.Arguments]);
        try
        {
            var address = server.StandardOutput.ReadLine();
            return address is null
                ? $"| {profile} | the server failed |"
                : BenchmarkProcess.RunSelf(["link-row", address, .. profile.Arguments], asUsers: true) ?? $"| {profile} | failed |";
        }
        finally
        {
            server.StandardInput.Close();
            server.WaitForExit();
        }
    }
}
