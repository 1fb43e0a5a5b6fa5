// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming;

namespace FineTuneText;

/// <summary>Reads an epoch without TorchSharp and says what packing saves.</summary>
internal static class PackingReport
{
    /// <summary>Prints how full the rows are, packed and padded.</summary>
    public static async Task ShowAsync(string folder, int batchSize, int rowLength)
    {
        await using var dataset = await StreamingDataset.OpenAsync(folder, new() { Shuffle = true, BatchSize = batchSize });
        await using var loader = new BatchLoader(
            dataset, TokenColumn.Create(ByteTokenizer.Instance, rowLength), new BatchLoaderOptions { NumWorkers = 2 });
        var (batches, tokens, packed, padded) = (0, 0L, 0L, 0L);
        foreach (var batch in loader)
        {
            var lengths = new int[batch.Count];
            for (var row = 0; row < lengths.Length; row++)
            {
                lengths[row] = (int)batch.GetRowShape(TokenColumn.Name, row)[0];
            }

            _ = SequencePlacement.FirstFit(lengths, rowLength, out var rows);
            batches++;
            tokens += lengths.Sum();
            packed += (long)rows * rowLength;
            padded += (long)lengths.Length * rowLength;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{dataset.Count} texts: {tokens} tokens in {batches} batches; packed rows are {100.0 * tokens / packed:0} % full, padded ones {100.0 * tokens / padded:0} %"));
    }
}
