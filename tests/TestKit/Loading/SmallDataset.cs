// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>Writes small MDS datasets with the columns <c>id</c> (<c>int</c>) and <c>text</c> (<c>str</c>).</summary>
public static class SmallDataset
{
    /// <summary>Writes samples with ids from <paramref name="firstId"/> on, about eight in a shard of the default size.</summary>
    public static async Task WriteAsync(string directory, int count, int firstId = 0, int sizeLimit = 400)
    {
        await using var writer = await MdsWriter.CreateAsync(
            directory,
            new Dictionary<string, string> { ["id"] = "int", ["text"] = "str" },
            new DatasetWriterOptions { SizeLimit = sizeLimit });
        for (var i = 0; i < count; i++)
        {
            writer.Row.Set("id", (long)firstId + i);
            writer.Row.Set("text", $"text {firstId + i}");
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    /// <summary>Writes samples with ids from 0 on and texts that do not compress to nothing.</summary>
    public static async Task WriteAsync(string directory, int count, int textLength, DatasetWriterOptions options)
    {
        await using var writer = await MdsWriter.CreateAsync(
            directory, new Dictionary<string, string> { ["id"] = "int", ["text"] = "str" }, options);
        var random = new Random(count);
        for (var i = 0; i < count; i++)
        {
            writer.Row.Set("id", (long)i);
            writer.Row.Set("text", $"text {i} {Convert.ToHexStringLower(GetBytes(random, textLength / 2))}");
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    private static byte[] GetBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
