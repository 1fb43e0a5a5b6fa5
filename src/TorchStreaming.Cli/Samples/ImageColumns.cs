// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>Finds the column of a dataset that holds images which can be decoded here.</summary>
internal static class ImageColumns
{
    private static readonly string[] Encodings = ["jpeg", "png", "pil", "bytes"];

    /// <summary>Looks at a sample's values.</summary>
    /// <param name="shard">A shard of the dataset.</param>
    /// <param name="index">A sample of the shard.</param>
    /// <returns>The name of the first column with an image, or <see langword="null"/>.</returns>
    public static string? Find(ShardReader shard, int index)
    {
        var fields = shard.GetSample(index, new FieldRange[shard.Schema.Columns.Length]);
        for (var column = 0; column < shard.Schema.Columns.Length; column++)
        {
            var encoding = shard.Schema.Columns[column].Encoding;
            if (Encodings.Contains(encoding) && ImageFormats.Detect(fields[column]) is var format and not ImageFormat.Unknown
                && (format != ImageFormat.Raw || encoding == "pil") && ImageDecoders.Default.CanDecode(format))
            {
                return shard.Schema.Columns[column].Name;
            }
        }

        return null;
    }
}
