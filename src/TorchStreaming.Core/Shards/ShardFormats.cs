// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Upstream's names of shard formats.</summary>
internal static class ShardFormats
{
    /// <summary>Binary shards with typed columns, one file each.</summary>
    public const string Mds = "mds";

    /// <summary>One JSON object per line, with a file of offsets beside it.</summary>
    public const string Json = "json";

    /// <summary>Comma-separated values, with a file of offsets beside them.</summary>
    public const string Csv = "csv";

    /// <summary>Tab-separated values, with a file of offsets beside them.</summary>
    public const string Tsv = "tsv";

    /// <summary>Values with a separator of the writer's choice, with a file of offsets beside them.</summary>
    public const string Xsv = "xsv";

    /// <summary>Tars of files, a sample being the files of one key, with a table of samples beside each. Not an upstream format: see
    /// <see cref="TarShardWriter"/> and <see cref="TarOptions"/>.</summary>
    public const string Tar = "tar";

    /// <summary>Composer's first streaming format, which has a binary index and is not named in it.</summary>
    public const string Legacy = "legacy";

    /// <summary>Gets the names that an <c>index.json</c> may hold.</summary>
    public static ImmutableArray<string> Names { get; } = [Mds, Json, Csv, Tsv, Xsv, Tar];

    /// <summary>Says whether values have the encodings of MDS, not of text.</summary>
    internal static bool IsBinary(string format) => format is Mds or Legacy or Tar;
}
