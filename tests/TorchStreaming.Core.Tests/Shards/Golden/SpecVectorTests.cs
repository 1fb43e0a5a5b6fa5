// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Golden;

[Trait("Category", GoldenData.Category)]
public sealed class SpecVectorTests : IDisposable
{
    private readonly TemporaryDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [GoldenFact]
    public async Task EveryRecordedDataset_ReadAndWrittenAgain_GivesTheSameFiles()
    {
        using var document = GoldenData.ReadJson("spec-vectors.json");
        foreach (var dataset in document.RootElement.GetProperty("files").EnumerateObject())
        {
            var source = _scratch.Combine(dataset.Name);
            Directory.CreateDirectory(source);
            foreach (var file in dataset.Value.EnumerateObject())
            {
                await File.WriteAllBytesAsync(Path.Combine(source, file.Name), Convert.FromHexString(file.Value.GetString()!));
            }

            var target = _scratch.Combine(dataset.Name + "-again");
            var isWhole = await Rewrite(source, target);
            foreach (var file in dataset.Value.EnumerateObject())
            {
                // One recording lacks its last shard, and with it what the index says about that.
                if (file.Name == "index.json" && !isWhole)
                {
                    continue;
                }

                var again = Convert.ToHexStringLower(await File.ReadAllBytesAsync(Path.Combine(target, file.Name)));
                Assert.Equal($"{dataset.Name} {file.Name} {file.Value}", $"{dataset.Name} {file.Name} {again}");
            }
        }
    }

    private static async Task<bool> Rewrite(string source, string target)
    {
        var index = DatasetIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(source, "index.json")), source);
        var first = index.Shards[0];
        var columns = first.Schema.Columns.ToDictionary(static column => column.Name, static column => column.Encoding);
        var sizeLimit = first.SizeLimit is { } limit ? new ByteSize(limit) : (ByteSize?)null;
        var options = new DatasetWriterOptions { Hashes = first.Hashes, SizeLimit = sizeLimit };
        await using DatasetWriter writer = first.Schema.Format switch
        {
            "mds" => await MdsWriter.CreateAsync(target, columns, options),
            "json" => await JsonlWriter.CreateAsync(target, columns, first.Schema.Newline!, options),
            _ => await XsvWriter.CreateAsync(target, columns, first.Schema.Separator!, first.Schema.Newline!, options),
        };
        var recorded = index.Shards
            .TakeWhile(shard => shard.Files.All(file => File.Exists(Path.Combine(source, file.Raw.Basename))))
            .ToArray();
        foreach (var shard in recorded)
        {
            using var reader = ShardReaders.Open(shard, [.. shard.Files.Select(file => Path.Combine(source, file.Raw.Basename))]);
            for (var i = 0; i < reader.SampleCount; i++)
            {
                var sample = new Dictionary<string, object?>();
                for (var column = 0; column < columns.Count; column++)
                {
                    sample[first.Schema.Columns[column].Name] = reader.ReadValue(i, column);
                }

                await writer.WriteAsync(sample);
            }
        }

        await writer.CompleteAsync();
        return recorded.Length == index.Shards.Length;
    }
}
