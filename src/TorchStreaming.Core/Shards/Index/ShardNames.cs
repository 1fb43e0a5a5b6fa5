// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Shards;

/// <summary>The names of shard files.</summary>
internal static class ShardNames
{
    /// <summary>Names a shard's data file, for example <c>shard.00012.mds</c>.</summary>
    public static string Data(int shard, string format) => string.Create(CultureInfo.InvariantCulture, $"shard.{shard:D5}.{format}");

    /// <summary>Names a shard's file of offsets.</summary>
    public static string Meta(int shard, string format) => Data(shard, format) + ".meta";
}
