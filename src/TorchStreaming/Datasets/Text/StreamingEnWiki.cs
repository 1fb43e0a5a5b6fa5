// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>English Wikipedia prepared for BERT, as upstream's converter writes it: seven columns of bytes, which hold arrays.</summary>
/// <remarks>
/// <para>A sample is <c>input_ids</c>, <c>token_type_ids</c> and <c>attention_mask</c>, 32-bit integers, and <c>labels</c>, 64-bit
/// integers that are -100 where nothing was masked; see <see cref="MaskedLanguageSample"/>. A batch is padded to its longest sample and
/// has the lengths beside, as <c>input_ids_lengths</c> and so on.</para>
/// <para>The constructor opens the dataset: it reads, and downloads where need be, the index. Mirrors
/// <c>streaming.text.StreamingEnWiki</c>.</para>
/// </remarks>
/// <example><code>
/// using var wiki = new StreamingEnWiki(new() { Remote = "s3://bucket/enwiki", Local = "/nvme/cache", Split = "train", Shuffle = true, BatchSize = 32 });
/// </code></example>
public sealed class StreamingEnWiki : StreamingMapDataset
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingEnWiki(StreamingEnWikiOptions options)
        : base(options, CreateRecipe(options))
    {
    }

    private static ColumnRecipe CreateRecipe(StreamingEnWikiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ColumnRecipe(new MaskedLanguageSample(options.IgnoreUnusedMasks));
    }
}
