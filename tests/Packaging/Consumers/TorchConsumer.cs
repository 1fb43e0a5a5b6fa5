// SPDX-License-Identifier: MIT

using TorchStreaming;
using TorchStreaming.Datasets;
using TorchStreaming.Transforms;

var columns = new Dictionary<string, string> { ["x"] = "float32" };
await using (var writer = await MdsWriter.CreateAsync("data", columns, new() { ExistOk = true }))
{
    for (var x = 0; x < 100; x++)
    {
        await writer.WriteAsync(new Dictionary<string, object?> { ["x"] = (float)x });
    }

    await writer.CompleteAsync();
}

using var dataset = new StreamingMapDataset(StreamingDataset.Open("data", new() { BatchSize = 10 }), new ColumnSet(new ScalarColumn("x", ElementType.Float32)));
using var loader = new StreamingDataLoader(dataset, numWorkers: 2);
var sum = 0f;
foreach (var batch in loader)
{
    sum += batch["x"].sum().item<float>();
}

Console.WriteLine($"{dataset.Count} samples; sum {sum:F0}");
