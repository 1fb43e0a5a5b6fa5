// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>The columns of WebVid in both of its forms, and the names of videos that are outside the shards.</summary>
internal static class WebVidColumns
{
    /// <summary>The column with the video.</summary>
    public const string Content = "content";

    /// <summary>The column with the video's path.</summary>
    public const string ContentPath = "content_path";

    private const int VideosPerFolder = 1000;

    private static readonly ImmutableArray<ShardColumn> Common =
    [
        new("contentUrl", "str", null), new("duration", "int", 8), new("name", "str", null),
        new("page_dir", "str", null), new("page_idx", "str", null), new("videoid", "str", null),
    ];

    /// <summary>Gets the columns with the videos inside.</summary>
    public static ImmutableArray<ShardColumn> Inside { get; } = [new(Content, "bytes", null), .. Common];

    /// <summary>Gets the columns with the videos outside.</summary>
    public static ImmutableArray<ShardColumn> Outside { get; } = Sort([new(ContentPath, "str", null), .. Common]);

    /// <summary>Gets how upstream writes shards without the videos.</summary>
    public static RawConverterOptions OutsideOptions { get; } = RawConverterOptions.Default with
    {
        Compression = "zstd:16",
        Hashes = ["sha1", "xxh3_64"],
        SizeLimit = ByteSize.MiB(32),
    };

    /// <summary>Gets the path of a video below the folder of videos: <c>iii/jjj.mp4</c>.</summary>
    /// <param name="number">The number of the sample.</param>
    public static string PathOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number / VideosPerFolder:D3}/{number % VideosPerFolder:D3}.mp4");

    /// <summary>Puts columns into the order that shards have them in.</summary>
    public static ImmutableArray<ShardColumn> Sort(IEnumerable<ShardColumn> columns) =>
        [.. columns.OrderBy(static column => column.Name, CodePointComparer.Instance)];
}
