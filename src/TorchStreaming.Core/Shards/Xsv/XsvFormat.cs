// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>What separated-value formats have in common.</summary>
internal static class XsvFormat
{
    /// <summary>Gets the text between columns, which two formats imply.</summary>
    public static string GetSeparator(ShardSchema schema) => schema.Format switch
    {
        ShardFormats.Csv => ",",
        ShardFormats.Tsv => "\t",
        _ => schema.Separator!,
    };
}
