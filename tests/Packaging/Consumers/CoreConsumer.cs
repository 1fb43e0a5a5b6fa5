// SPDX-License-Identifier: MIT

using TorchStreaming;
using TorchStreaming.Shards;

var columns = new Dictionary<string, string> { ["id"] = "int", ["text"] = "str" };
await using (var writer = await MdsWriter.CreateAsync("data", columns, new DatasetWriterOptions { Compression = "gz", Hashes = ["xxh64"] }))
{
    for (var id = 0; id < 100; id++)
    {
        writer.Row.Set("id", (long)id);
        writer.Row.Set("text", $"sample {id}");
        await writer.WriteRowAsync();
    }

    await writer.CompleteAsync();
}

await using var dataset = await StreamingDataset.OpenAsync("data");
using var sample = dataset[17];
Console.WriteLine($"{dataset.Count} samples; {sample.Get<string>("text")}");
