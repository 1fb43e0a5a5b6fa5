// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Text.Json;

namespace TorchStreaming.Shards;

/// <summary>One shard's entry while it is read, before its parts are checked against each other.</summary>
internal sealed class IndexEntry
{
    public long? Version { get; set; }

    public string? Format { get; set; }

    public string? Compression { get; set; }

    public ImmutableArray<string> Hashes { get; set; } = [];

    public long? Samples { get; set; }

    public long? SizeLimit { get; set; }

    public ShardFileInfo? RawData { get; set; }

    public ShardFileInfo? ZipData { get; set; }

    public ShardFileInfo? RawMeta { get; set; }

    public ShardFileInfo? ZipMeta { get; set; }

    public List<string>? Names { get; set; }

    public List<string>? Encodings { get; set; }

    public List<int?>? Sizes { get; set; }

    public string? Newline { get; set; }

    public string? Separator { get; set; }

    /// <summary>Tells which key the reader is on, without making a string of it.</summary>
    public static IndexKey Recognize(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("column_encodings"u8) ? IndexKey.ColumnEncodings
        : reader.ValueTextEquals("column_names"u8) ? IndexKey.ColumnNames
        : reader.ValueTextEquals("column_sizes"u8) ? IndexKey.ColumnSizes
        : reader.ValueTextEquals("columns"u8) ? IndexKey.Columns
        : reader.ValueTextEquals("compression"u8) ? IndexKey.Compression
        : reader.ValueTextEquals("format"u8) ? IndexKey.Format
        : reader.ValueTextEquals("hashes"u8) ? IndexKey.Hashes
        : reader.ValueTextEquals("newline"u8) ? IndexKey.Newline
        : reader.ValueTextEquals("raw_data"u8) ? IndexKey.RawData
        : reader.ValueTextEquals("raw_meta"u8) ? IndexKey.RawMeta
        : reader.ValueTextEquals("samples"u8) ? IndexKey.Samples
        : reader.ValueTextEquals("separator"u8) ? IndexKey.Separator
        : reader.ValueTextEquals("size_limit"u8) ? IndexKey.SizeLimit
        : reader.ValueTextEquals("version"u8) ? IndexKey.Version
        : reader.ValueTextEquals("zip_data"u8) ? IndexKey.ZipData
        : reader.ValueTextEquals("zip_meta"u8) ? IndexKey.ZipMeta
        : IndexKey.Unknown;

    /// <summary>Checks the parts against each other.</summary>
    /// <param name="schemas">Where equal schemas become one.</param>
    /// <param name="problem">What is wrong, when the result is <see langword="null"/>.</param>
    /// <returns>The shard.</returns>
    public ShardInfo? ToShardInfo(SchemaPool schemas, out string? problem)
    {
        problem = FindProblem();
        if (problem is not null)
        {
            return null;
        }

        var data = new ShardFile(RawData!, ZipData);
        return new ShardInfo
        {
            Schema = schemas.Intern(Format!, Names!, Encodings!, Sizes, Newline, Separator),
            SampleCount = (int)Samples!.Value,
            Files = IsSplit ? [new ShardFile(RawMeta!, ZipMeta), data] : [data],
            Compression = string.IsNullOrEmpty(Compression) ? null : schemas.Intern(Compression),
            Hashes = Hashes,
            SizeLimit = SizeLimit,
        };
    }

    /// <summary>Tells whether a shard's files can hold so many samples: each takes an offset of four bytes in the file that holds the
    /// table, beside the count and the first offset.</summary>
    public static bool CanHold(long dataBytes, long tableBytes, long samples) =>
        dataBytes <= uint.MaxValue && samples >= 0 && samples <= Math.Min(int.MaxValue, (tableBytes - 8) / sizeof(uint));

    private bool IsSplit => Format != ShardFormats.Mds;

    private bool IsText => IsSplit && Format != ShardFormats.Tar;

    private string? FindProblem()
    {
        if (Version is { } version && version != IndexWriter.Version)
        {
            return $"its version is {version}; only version {IndexWriter.Version} is known.";
        }

        if (Format is null || !ShardFormats.Names.Contains(Format))
        {
            return Format is null ? "it has no 'format'." : $"its format '{Format}' is not one of {string.Join(", ", ShardFormats.Names)}.";
        }

        return FindSchemaProblem() ?? FindFileProblem();
    }

    private string? FindSchemaProblem()
    {
        if (Names is null || Encodings is null || (!IsSplit && Sizes is null))
        {
            return "its columns are missing.";
        }

        if (Names.Count != Encodings.Count || (!IsSplit && Names.Count != Sizes!.Count))
        {
            return "its lists of column names, encodings and sizes differ in length.";
        }

        if (IsText && Newline is null or "")
        {
            return "it has no 'newline'.";
        }

        if (Format == ShardFormats.Xsv && Separator is null or "")
        {
            return "it has no 'separator'.";
        }

        return Names.Distinct().Count() == Names.Count ? null : "two of its columns have one name.";
    }

    private string? FindFileProblem()
    {
        if (RawData is null || (IsSplit && RawMeta is null))
        {
            return $"it has no '{(RawData is null ? "raw_data" : "raw_meta")}'.";
        }

        if (IsSplit && (ZipData is null) != (ZipMeta is null))
        {
            return "only one of its two files is compressed.";
        }

        if (Samples is not { } samples)
        {
            return "it has no 'samples'.";
        }

        if (RawData.Bytes > uint.MaxValue && Format != ShardFormats.Tar)
        {
            return $"it says that '{RawData.Basename}' has {RawData.Bytes} bytes, which its 32-bit offsets cannot address.";
        }

        var table = IsSplit ? RawMeta! : RawData;
        if (!CanHold(RawData.Bytes, table.Bytes, samples))
        {
            return $"it says that '{table.Basename}' of {table.Bytes} bytes is about {samples} samples, which is impossible.";
        }

        return ZipData is null || CompressionScheme.TryParse(Compression, out _)
            ? null
            : $"its compression '{Compression}' is not known. Known are {CompressionCodecs.Describe()}.";
    }
}
