// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.Tests.Conversion;

/// <summary>Reads back what a conversion wrote.</summary>
internal static class RawSamples
{
    /// <summary>Gives the samples by column, decoded. Shards must not be compressed.</summary>
    public static List<Dictionary<string, object?>> Read(RawConversion made)
    {
        var samples = new List<Dictionary<string, object?>>();
        foreach (var shard in made.Index.Shards)
        {
            var ranges = new FieldRange[shard.Schema.Columns.Length];
            using var reader = ShardReaders.Open(shard, [Path.Combine(made.Directory, shard.Files[0].Raw.Basename)]);
            for (var i = 0; i < reader.SampleCount; i++)
            {
                var fields = reader.GetSample(i, ranges);
                var sample = new Dictionary<string, object?>();
                for (var column = 0; column < ranges.Length; column++)
                {
                    sample.Add(
                        shard.Schema.Columns[column].Name,
                        shard.Schema.Columns[column].Encoding is "jpeg" or "png" or "pil"
                            ? fields[column].ToArray()
                            : FieldEncodings.ForColumn(shard.Schema, column).ReadObject(fields[column]));
                }

                samples.Add(sample);
            }
        }

        return samples;
    }
}
