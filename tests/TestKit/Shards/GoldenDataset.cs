// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>A recorded dataset: the files that the reference library wrote and what it read from them.</summary>
internal sealed class GoldenDataset
{
    private GoldenDataset(string folder, JsonElement expected)
    {
        Folder = folder;
        Expected = expected;
        Name = expected.GetProperty("name").GetString()!;
    }

    /// <summary>Gets the case's name.</summary>
    public string Name { get; }

    /// <summary>Gets the folder of the case.</summary>
    public string Folder { get; }

    /// <summary>Gets what the reference library was given and read.</summary>
    public JsonElement Expected { get; }

    /// <summary>Gets the folder of the index.</summary>
    public string DataFolder => Path.Combine(Folder, Expected.GetProperty("data_dir").GetString()!);

    /// <summary>Gets the encoding of each column, or of none for datasets that the library's converters wrote.</summary>
    public IReadOnlyDictionary<string, string> Columns =>
        Expected.GetProperty("columns").EnumerateObject()
            .ToDictionary(static column => column.Name, static column => column.Value.GetString()!);

    /// <summary>Gets every recorded dataset that the reference library can read.</summary>
    public static IEnumerable<GoldenDataset> All()
    {
        var root = GoldenData.PathOf("streaming", "shards");
        foreach (var file in Directory.GetFiles(root, "expected*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.TryGetProperty("samples", out _)
                && new GoldenDataset(Path.GetDirectoryName(file)!, document.RootElement.Clone()) is var dataset
                && GoldenData.HasData(dataset.DataFolder))
            {
                yield return dataset;
            }
        }
    }

    /// <summary>Parses the index.</summary>
    public DatasetIndex ReadIndex()
    {
        var path = Path.Combine(DataFolder, DatasetIndex.FileName);
        return DatasetIndex.Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Opens a shard, decompressing its files into a folder where needed.</summary>
    public ShardReader OpenShard(ShardInfo shard, string scratchFolder)
    {
        var paths = new List<string>();
        foreach (var file in shard.Files)
        {
            var stored = Path.Combine(DataFolder, file.Stored.Basename);
            if (file.Zip is null)
            {
                paths.Add(stored);
                continue;
            }

            var raw = Path.Combine(scratchFolder, $"{Guid.NewGuid():N}.raw");
            using var input = File.OpenRead(stored);
            using var decompressed = CompressionScheme.Parse(shard.Compression!).Codec.OpenDecompressor(input);
            using var output = File.Create(raw);
            decompressed.CopyTo(output);
            paths.Add(raw);
        }

        return ShardReaders.Open(shard, paths);
    }
}
