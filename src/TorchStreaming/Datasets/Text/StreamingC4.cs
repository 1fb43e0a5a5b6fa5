// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;

namespace TorchStreaming;

/// <summary>C4, the cleaned Common Crawl, as upstream's converter writes it: columns <c>text</c>, <c>timestamp</c> and <c>url</c>.</summary>
/// <remarks>
/// <para>A sample is <c>input_ids</c> and <c>attention_mask</c>, 64-bit integers of shape [maxSeqLen]: the tokens of <c>text</c>, cut or
/// padded, and 1 where there are tokens. The other columns are not delivered.</para>
/// <para>The constructor opens the dataset: it reads, and downloads where need be, the index. Mirrors
/// <c>streaming.text.StreamingC4</c>, whose tokenizer is a name that Hugging Face knows; here it is code, and what upstream requires by
/// name comes first.</para>
/// </remarks>
/// <example><code>
/// using var texts = new StreamingC4(new() { Tokenizer = tokenizer, MaxSeqLen = 2048, Remote = "s3://bucket/c4", Local = "/nvme/cache", Split = "train",
/// Shuffle = true, BatchSize = 8 });
/// </code></example>
public sealed class StreamingC4 : StreamingMapDataset
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no column <c>text</c>.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingC4(StreamingTextDatasetOptions options)
        : base(options, TextRecipe.Create(options))
    {
    }
}
