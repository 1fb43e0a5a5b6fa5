// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.TestKit;

/// <summary>The JPEG files of the golden ImageNet dataset, read from its shards by hand (columns i: int, x: jpeg, y: int).</summary>
public static class GoldenJpegs
{
    /// <summary>Reads the files of a split with what Pillow made of each.</summary>
    public static IEnumerable<GoldenJpeg> Read(string split) => Read(GoldenData.DataOf("streaming", "shards", "imagenet", "data", split), split);

    /// <summary>Reads the files of a split of the project's own recordings.</summary>
    public static IEnumerable<GoldenJpeg> ReadOwn(string split) =>
        Read(GoldenData.OwnPathOf("streaming", "shards", "imagenet", "data", split), split);

    private static IEnumerable<GoldenJpeg> Read(string folder, string split)
    {
        using var expected = GoldenData.ReadJson(folder, "..", "..", $"expected-data-{split}.json");
        var samples = expected.RootElement.GetProperty("samples");
        var index = 0;
        foreach (var path in Directory.GetFiles(folder, "*.mds").Order(StringComparer.Ordinal))
        {
            var shard = File.ReadAllBytes(path);
            var count = BinaryPrimitives.ReadInt32LittleEndian(shard);
            for (var i = 0; i < count; i++, index++)
            {
                var begin = BinaryPrimitives.ReadInt32LittleEndian(shard.AsSpan(4 + (4 * i)));
                var length = BinaryPrimitives.ReadInt32LittleEndian(shard.AsSpan(begin));
                var kind = samples[index].GetProperty("kind").GetString()!;
                var x = samples[index].GetProperty("values").GetProperty("x");
                yield return new GoldenJpeg(
                    $"{split}-{index:00}-{kind}",
                    shard.AsSpan(begin + 4 + 8, length).ToArray(),
                    x.GetProperty("mode").GetString()!,
                    x.GetProperty("size")[0].GetInt32(),
                    x.GetProperty("size")[1].GetInt32(),
                    x.GetProperty("decoded_sha256").GetString()!);
            }
        }
    }
}
