// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using System.Text;
using TorchStreaming;

namespace FineTuneText;

/// <summary>Turns the texts of samples into tokens on the loader's threads. Rows keep their own lengths: packing them comes after.</summary>
internal static class TokenColumn
{
    /// <summary>The name of the column in the batches.</summary>
    public const string Name = "tokens";

    /// <summary>Creates the transform.</summary>
    /// <param name="tokenizer">Makes tokens of a text.</param>
    /// <param name="maximumLength">The most tokens of a text.</param>
    public static SampleTransform Create(TextTokenizer tokenizer, int maximumLength) => new ColumnSet(new SpanColumn(
        "text",
        new BatchColumn(Name, ElementType.Int64, ColumnLayout.List, [-1]),
        (value, in context, in target) =>
        {
            var tokens = tokenizer(Encoding.UTF8.GetString(value), maximumLength);
            var row = MemoryMarshal.Cast<byte, long>(target.Allocate([tokens.Count]));
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = tokens[i];
            }
        }));
}
