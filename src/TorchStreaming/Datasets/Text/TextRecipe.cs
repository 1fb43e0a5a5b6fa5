// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Datasets;

/// <summary>How texts become tensors.</summary>
internal static class TextRecipe
{
    public static BatchRecipe Create(StreamingTextDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.GroupMethod == "truncate"
            ? new ColumnRecipe(new TokenizedText("text", options.Tokenizer, options.MaxSeqLen, options.PaddingToken))
            : throw new ArgumentOutOfRangeException(nameof(options), options.GroupMethod, "There is no such way to group texts.");
    }
}
