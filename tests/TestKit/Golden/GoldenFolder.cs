// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Looks into a folder of recorded datasets that somebody else made.</summary>
internal static class GoldenFolder
{
    /// <summary>Says whether there is a dataset in the folder or below, and all files of every one.</summary>
    public static bool IsWhole(string folder)
    {
        var indexes = Directory.GetFiles(folder, DatasetIndex.FileName, SearchOption.AllDirectories);
        var legacy = Directory.GetFiles(folder, LegacyIndex.FileName, SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(folder, LegacyIndex.CompressedFileName, SearchOption.AllDirectories))
            .ToArray();
        return indexes.Length + legacy.Length > 0 && Array.TrueForAll(indexes, IsListed) && Array.TrueForAll(legacy, IsLegacyListed);
    }

    private static bool IsListed(string path)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(path));
        return index.RootElement.GetProperty("shards").EnumerateArray().All(shard => shard.EnumerateObject()
            .Where(static property => property.Name is "raw_data" or "raw_meta" or "zip_data" or "zip_meta" && property.Value.ValueKind == JsonValueKind.Object)
            .GroupBy(static property => property.Name[4..], static property => property.Value.GetProperty("basename").GetString()!)
            .All(forms => forms.Any(name => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, name)))));
    }

    private static bool IsLegacyListed(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        using var bytes = new MemoryStream();
        using (Stream file = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new System.IO.Compression.GZipStream(File.OpenRead(path), System.IO.Compression.CompressionMode.Decompress)
            : File.OpenRead(path))
        {
            file.CopyTo(bytes);
        }

        return LegacyIndex.Parse(bytes.ToArray(), path, isCompressed: false).Shards.All(shard =>
            Path.Combine(folder, shard.Files[0].Raw.Basename) is var raw && (File.Exists(raw) || File.Exists(raw + ".gz")));
    }
}
