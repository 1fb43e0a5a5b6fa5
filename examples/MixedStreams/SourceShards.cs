// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace MixedStreams;

/// <summary>Writes the datasets that are mixed: of each sample only where it is from and its number there.</summary>
internal static class SourceShards
{
    private static readonly Dictionary<string, string> Columns = new() { ["source"] = "int", ["number"] = "int" };

    /// <summary>Writes one dataset.</summary>
    public static async Task WriteAsync(string folder, int source, int samples)
    {
        await using var writer = await MdsWriter.CreateAsync(folder, Columns, new DatasetWriterOptions { SizeLimit = ByteSize.KiB(8) });
        for (var number = 0; number < samples; number++)
        {
            writer.Row.Set("source", (long)source);
            writer.Row.Set("number", (long)number);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }
}
