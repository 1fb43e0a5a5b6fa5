// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>Writes small MDS data sets with the columns <c>id</c> (<c>int</c>) and <c>text</c> (<c>str</c>).</summary>
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
}
