// SPDX-License-Identifier: MIT

using System.Text.Json.Nodes;
using TorchStreaming;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

const int Samples = 1000;
var notes = JsonNode.Parse("{\"source\":\"smoke\"}");
var folder = Directory.CreateTempSubdirectory("torchstreaming-aot-").FullName;
try
{
    var columns = new Dictionary<string, string> { ["id"] = "int", ["text"] = "str", ["point"] = "ndarray:float32:2", ["notes"] = "json" };
    var options = new DatasetWriterOptions { Compression = "gz", Hashes = ["sha1", "xxh64"], SizeLimit = ByteSize.KiB(16) };
    await using (var writer = await MdsWriter.CreateAsync(folder, columns, options))
    {
        for (var id = 0; id < Samples; id++)
        {
            writer.Row.Set("id", (long)id);
            writer.Row.Set("text", $"sample {id}");
            writer.Row.Set("point", NdArray.Create<float>([id, -id], 2).AsView());
            writer.Row.Set("notes", notes);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    using (var first = Open())
    {
        var seen = first.Take(40).Sum(static batch => batch.Count);
        var state = first.StateDict().ToJson();
        using var second = Open();
        second.LoadStateDict(state);
        var rest = second.Sum(static batch => batch.Count);
        if (seen + rest != Samples)
        {
            throw new InvalidDataException($"{seen} samples before the stop and {rest} after it are not {Samples}.");
        }
    }

    Console.WriteLine($"{Samples} samples, written, shuffled, stopped and resumed");
}
finally
{
    Directory.Delete(folder, recursive: true);
}

BatchLoader Open() => new(
    StreamingDataset.Open(folder, new() { Shuffle = true, BatchSize = 10 }),
    new ColumnSet(new ScalarColumn("id")),
    new BatchLoaderOptions { NumWorkers = 2 });
