// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Writes <c>index.json</c> and the configuration that shards carry, byte for byte as upstream does: exactly its keys,
/// sorted.</summary>
internal static class IndexWriter
{
    /// <summary>The only version of the format that exists.</summary>
    public const int Version = 2;

    /// <summary>Writes a whole index.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="output">Receives UTF-8 text.</param>
    /// <param name="versionFirst">Whether the version stands in front, as in the indexes that upstream merges, not after, as its writers
    /// do.</param>
    public static void WriteIndex(IEnumerable<ShardInfo> shards, IBufferWriter<byte> output, bool versionFirst = false)
    {
        var json = new PythonJsonWriter(output);
        json.Raw(versionFirst ? "{\"version\": 2, \"shards\": ["u8 : "{\"shards\": ["u8);
        var first = true;
        foreach (var shard in shards)
        {
            json.Raw(first ? ""u8 : ", "u8);
            WriteShard(json, shard.Schema, shard.Compression, shard.Hashes, shard.SizeLimit, shard);
            first = false;
        }

        json.Raw(versionFirst ? "]}"u8 : "], \"version\": 2}"u8);
    }

    /// <summary>Writes the configuration of a shard: its index entry without sample count and files.</summary>
    public static void WriteConfiguration(
        ShardSchema schema, string? compression, IReadOnlyList<string> hashes, long? sizeLimit, IBufferWriter<byte> output) =>
        WriteShard(new PythonJsonWriter(output), schema, compression, hashes, sizeLimit, files: null);

    private static void WriteShard(
        PythonJsonWriter json, ShardSchema schema, string? compression, IReadOnlyList<string> hashes, long? sizeLimit, ShardInfo? files)
    {
        var split = schema.Format != ShardFormats.Mds;
        WriteColumns(json, schema);
        json.Raw(", \"compression\": "u8);
        json.StringOrNull(compression);
        json.Raw(", \"format\": "u8);
        json.String(schema.Format);
        json.Raw(", \"hashes\": "u8);
        json.Strings(hashes);
        if (split && schema.Format != ShardFormats.Tar)
        {
            json.Raw(", \"newline\": "u8);
            json.StringOrNull(schema.Newline);
        }

        if (files is not null)
        {
            WriteFile(json, ", \"raw_data\": "u8, files.Files[^1].Raw);
            if (split)
            {
                WriteFile(json, ", \"raw_meta\": "u8, files.Files[0].Raw);
            }

            json.Raw(", \"samples\": "u8);
            json.Integer(files.SampleCount);
        }

        if (schema.Format == ShardFormats.Xsv)
        {
            json.Raw(", \"separator\": "u8);
            json.StringOrNull(schema.Separator);
        }

        WriteSizeLimit(json, sizeLimit);
        json.Raw(", \"version\": 2"u8);
        if (files is not null)
        {
            WriteFile(json, ", \"zip_data\": "u8, files.Files[^1].Zip);
            if (split)
            {
                WriteFile(json, ", \"zip_meta\": "u8, files.Files[0].Zip);
            }
        }

        json.Raw("}"u8);
    }

    private static void WriteColumns(PythonJsonWriter json, ShardSchema schema)
    {
        if (schema.Format == ShardFormats.Json)
        {
            json.Raw("{\"columns\": {"u8);
            var first = true;
            foreach (var column in schema.Columns.OrderBy(static column => column.Name, CodePointComparer.Instance))
            {
                json.Raw(first ? ""u8 : ", "u8);
                json.Name(column.Name);
                json.String(column.Encoding);
                first = false;
            }

            json.Raw("}"u8);
            return;
        }

        json.Raw("{\"column_encodings\": "u8);
        json.Strings(schema.Columns.Select(static column => column.Encoding));
        json.Raw(", \"column_names\": "u8);
        json.Strings(schema.Columns.Select(static column => column.Name));
        if (schema.Format == ShardFormats.Mds)
        {
            WriteSizes(json, schema);
        }
    }

    private static void WriteSizes(PythonJsonWriter json, ShardSchema schema)
    {
        json.Raw(", \"column_sizes\": ["u8);
        for (var i = 0; i < schema.Columns.Length; i++)
        {
            json.Raw(i == 0 ? ""u8 : ", "u8);
            if (schema.Columns[i].Size is { } size)
            {
                json.Integer(size);
            }
            else
            {
                json.Null();
            }
        }

        json.Raw("]"u8);
    }

    private static void WriteSizeLimit(PythonJsonWriter json, long? sizeLimit)
    {
        json.Raw(", \"size_limit\": "u8);
        if (sizeLimit is { } limit)
        {
            json.Integer(limit);
        }
        else
        {
            json.Null();
        }
    }

    private static void WriteFile(PythonJsonWriter json, ReadOnlySpan<byte> name, ShardFileInfo? file)
    {
        json.Raw(name);
        if (file is null)
        {
            json.Null();
            return;
        }

        json.Raw("{\"basename\": "u8);
        json.String(file.Basename);
        json.Raw(", \"bytes\": "u8);
        json.Integer(file.Bytes);
        json.Raw(", \"hashes\": {"u8);
        var first = true;
        foreach (var (hash, digest) in file.Hashes)
        {
            json.Raw(first ? ""u8 : ", "u8);
            json.Name(hash);
            json.String(digest);
            first = false;
        }

        json.Raw("}}"u8);
    }
}
