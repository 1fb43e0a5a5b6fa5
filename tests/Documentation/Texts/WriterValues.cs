// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Writers, conversions and simulations.</summary>
internal static class WriterValues
{
    public static async Task AddToAsync(PrintedTable table)
    {
        await AddWritersAsync(table);
        await AddConversionsAsync(table);
        AddSimulation(table);
    }

    private static async Task AddWritersAsync(PrintedTable table)
    {
        var columns = new Dictionary<string, string> { ["id"] = "int", ["text"] = "str" };
        var mds = table.Add(await MdsWriter.CreateAsync(table.Combine("mds"), columns), "MdsWriter: 0 samples written to ~/mds");
        table.Add(mds.Row, "Row of mds: id int, text str");
        table.Add(await JsonlWriter.CreateAsync(table.Combine("jsonl"), columns), "JsonlWriter: 0 samples written to ~/jsonl");
        var csv = await XsvWriter.CreateCsvAsync(table.Combine("csv"), columns);
        await csv.WriteAsync(new Dictionary<string, object?> { ["id"] = 1L, ["text"] = "one" });
        table.Add(csv, "XsvWriter: 1 sample written to ~/csv");
        table.Add(await TarShardWriter.CreateAsync(table.Combine("tar"), ["jpg", "cls"]), "TarShardWriter: 0 samples written to ~/tar");
        var schema = new RecordSchema<string>(static sample => sample.Get<string>("text")).Column("text", "str", static text => text);
        table.Add(await schema.CreateWriterAsync(table.Combine("typed")), "MdsWriter: 0 samples written to ~/typed, each of type String");
        table.Add(DatasetOutput.ToDirectory(table.Combine("out")), "~/out");
        table.Add(DatasetOutput.Parse("http://user:hunter2@store/data?key=hunter2"), "http://store/data");
    }

    private static async Task AddConversionsAsync(PrintedTable table)
    {
        Directory.CreateDirectory(table.Combine("texts"));
        await File.WriteAllTextAsync(table.Combine("texts", "a.jsonl"), """{"text": "one"}""" + "\n");
        var source = table.Add(RawSources.JsonLines(table.Combine("texts"), ["text"]), "JsonLines of ~/texts");
        using var converter = RawConverter.Open(source, table.Combine("converted"));
        table.Add(converter, "Converter of JsonLines of ~/texts to ~/converted");
        var conversion = await converter.RunAsync();
        table.Add(conversion, $"~/converted: {conversion.Index}");
        Directory.CreateDirectory(table.Combine("images", "cat"));
        await File.WriteAllBytesAsync(table.Combine("images", "cat", "1.png"), [1]);
        table.Add(ImageFolder.Scan(table.Combine("images")), "~/images: 1 image of 1 class");
    }

    private static void AddSimulation(PrintedTable table)
    {
        var run = table.Add(
            new TrainingRun
            {
                Order = new OrderOptions { Streams = [new StreamShape { ShardSizes = [100, 100, 100, 100] }], BatchSize = 10 },
                ShardBytes = [1_000_000, 1_000_000, 1_000_000, 1_000_000],
                StepTime = TimeSpan.FromMilliseconds(500),
                BytesPerSecond = 1 << 20,
            },
            "1 stream, batches of 10; 1 node with 1 rank each, a step of 00:00:00.5000000, 1 MiB/s");
        var simulated = RunSimulator.Simulate(run);
        table.Add(simulated, $"40 steps in 00:00:21, 20 samples/s; waited {100 * simulated.WaitFraction:0.#} % of 40 simulated steps, downloaded 3.81 MiB");
    }
}
