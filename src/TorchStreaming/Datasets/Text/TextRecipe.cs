// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Datasets;

/// <summary>How texts become tensors.</summary>
internal static class TextRecipe
{
    public static BatchRecipe Create(TextTokenizer tokenizer, int length, TextGrouping grouping, int paddingToken) =>
        grouping == TextGrouping.Truncate
            ? new ColumnRecipe(new TokenizedText("text", tokenizer, length, paddingToken))
            : throw new ArgumentOutOfRangeException(nameof(grouping), grouping, "There is no such way to group texts.");
}
