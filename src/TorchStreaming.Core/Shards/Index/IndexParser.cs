// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace TorchStreaming.Shards;

/// <summary>Reads <c>index.json</c> as hostile input. One instance reads one index.</summary>
internal sealed class IndexParser
{
    private readonly string _location;
    private readonly bool _readsEachEntry;
    private readonly SchemaPool _schemas = new();
    private int _shard = -1;
    private long _bytes;
    private int _skipped;

    /// <summary>Creates a parser.</summary>
    /// <param name="location">The index for messages.</param>
    /// <param name="readsEachEntry">Whether to read every token of entries that are written like the ones before them.</param>
    public IndexParser(string location, bool readsEachEntry = false)
    {
        _location = location;
        _readsEachEntry = readsEachEntry;
    }

    private delegate T Read<T>(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8);

    /// <summary>Reads a whole index.</summary>
    public DatasetIndex Parse(ReadOnlySpan<byte> utf8)
    {
        var text = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        try
        {
            return Guard(text, ParseIndex);
        }
        catch (ShardFormatException) when (_skipped > 0)
        {
            // Its place and words are those of a reader that has seen everything.
            return new IndexParser(_location, readsEachEntry: true).Parse(text);
        }
    }

    /// <summary>Reads the configuration that a shard carries: its entry without files and sample count.</summary>
    public IndexEntry ParseConfiguration(ReadOnlySpan<byte> utf8) => Guard(utf8, (ref reader, _) =>
    {
        reader.Read();
        return ReadEntry(ref reader);
    });

    /// <summary>Checks an entry and makes it a shard, sharing schemas with those made before.</summary>
    public ShardInfo Complete(IndexEntry entry) =>
        entry.ToShardInfo(_schemas, out var problem) ?? throw new ShardFormatException(new ShardLocation(_location), problem!);

    private T Guard<T>(ReadOnlySpan<byte> utf8, Read<T> read)
    {
        var reader = new Utf8JsonReader(utf8);
        try
        {
            return read(ref reader, utf8);
        }
        catch (JsonException exception)
        {
            throw new ShardFormatException(
                new ShardLocation(_location, reader.BytesConsumed),
                "it is not valid JSON. The index is damaged or was cut off while it was copied.",
                exception);
        }
        catch (InvalidOperationException exception)
        {
            // Utf8JsonReader's answer to text that is not valid UTF-8 or has a lone surrogate.
            throw new ShardFormatException(
                new ShardLocation(_location, reader.TokenStartIndex), "it holds text that is not valid Unicode.", exception);
        }
    }

    private DatasetIndex ParseIndex(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "an object at the top");
        var shards = default(ShardList);
        var version = default(long?);
        while (NextName(ref reader))
        {
            if (reader.ValueTextEquals("version"u8))
            {
                version = ReadInteger(ref reader, "version");
            }
            else if (reader.ValueTextEquals("shards"u8))
            {
                shards = ParseShards(ref reader, utf8);
            }
            else
            {
                Skip(ref reader);
            }
        }

        if (version is { } found && found != IndexWriter.Version)
        {
            throw Fail(
                ref reader,
                $"its version is {found}; only {IndexWriter.Version} is known. It was written by another generation of the library.");
        }

        if (shards is null || version is null)
        {
            throw Fail(ref reader, $"it has no '{(version is null ? "version" : "shards")}'. It is not an index of a streaming dataset.");
        }

        return new DatasetIndex(shards);
    }

    private ShardList ParseShards(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartArray, "a list of shards");
        var shards = new ShardListBuilder();
        var run = new EntryRun(shards);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _shard = shards.Count;
            var start = _skipped + (int)reader.TokenStartIndex;
            var shard = ParseShard(ref reader);
            var end = _skipped + (int)reader.BytesConsumed;
            shards.Add(shard, utf8[start..end]);
            if (!_readsEachEntry && run.Take(utf8[start..end], utf8[end..], ref _bytes) is > 0 and var taken)
            {
                _skipped = end + taken;
                reader = new Utf8JsonReader(utf8[_skipped..], isFinalBlock: true, reader.CurrentState);
            }
        }

        _shard = -1;
        return shards.Build();
    }

    private ShardInfo ParseShard(ref Utf8JsonReader reader)
    {
        var entry = ReadEntry(ref reader);
        return entry.ToShardInfo(_schemas, out var problem) ?? throw Fail(ref reader, problem!);
    }

    private IndexEntry ReadEntry(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "an object per shard");
        var entry = new IndexEntry();
        while (NextName(ref reader))
        {
            switch (IndexEntry.Recognize(ref reader))
            {
                case IndexKey.Version: entry.Version = ReadInteger(ref reader, "version"); break;
                case IndexKey.Format: entry.Format = ReadString(ref reader, "format"); break;
                case IndexKey.Compression: entry.Compression = ReadStringOrNull(ref reader, "compression"); break;
                case IndexKey.Hashes: entry.Hashes = ReadHashNames(ref reader); break;
                case IndexKey.Samples: entry.Samples = ReadInteger(ref reader, "samples"); break;
                case IndexKey.SizeLimit: entry.SizeLimit = ReadSizeLimit(ref reader); break;
                case IndexKey.RawData: entry.RawData = ParseFile(ref reader, "raw_data"); break;
                case IndexKey.ZipData: entry.ZipData = ParseFile(ref reader, "zip_data"); break;
                case IndexKey.RawMeta: entry.RawMeta = ParseFile(ref reader, "raw_meta"); break;
                case IndexKey.ZipMeta: entry.ZipMeta = ParseFile(ref reader, "zip_meta"); break;
                case IndexKey.ColumnNames: entry.Names = ReadStrings(ref reader, "column_names"); break;
                case IndexKey.ColumnEncodings: entry.Encodings = ReadStrings(ref reader, "column_encodings"); break;
                case IndexKey.ColumnSizes: entry.Sizes = ReadSizes(ref reader); break;
                case IndexKey.Columns: ReadColumns(ref reader, entry); break;
                case IndexKey.Newline: entry.Newline = ReadStringOrNull(ref reader, "newline"); break;
                case IndexKey.Separator: entry.Separator = ReadStringOrNull(ref reader, "separator"); break;
                default: Skip(ref reader); break;
            }
        }

        return entry;
    }

    private ShardFileInfo? ParseFile(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Expect(ref reader, JsonTokenType.StartObject, $"an object for '{key}'");
        string? basename = null;
        long? bytes = null;
        var hashes = FileDigests.None;
        while (NextName(ref reader))
        {
            if (reader.ValueTextEquals("basename"u8))
            {
                basename = ReadString(ref reader, "basename");
            }
            else if (reader.ValueTextEquals("bytes"u8))
            {
                bytes = ReadInteger(ref reader, "bytes");
            }
            else if (reader.ValueTextEquals("hashes"u8))
            {
                hashes = FileDigests.Create(ReadHashes(ref reader), _schemas.Intern);
            }
            else
            {
                Skip(ref reader);
            }
        }

        if (basename is null || bytes is null)
        {
            throw Fail(ref reader, $"'{key}' has no '{(basename is null ? "basename" : "bytes")}'.");
        }

        if (!ShardPaths.IsInside(basename))
        {
            throw Fail(ref reader, $"'{key}' names the file '{basename}', which is not inside the dataset's directory.");
        }

        if (bytes < 0 || bytes > long.MaxValue - _bytes)
        {
            throw Fail(ref reader, $"'{key}' has a size of {bytes} bytes, which is impossible.");
        }

        // Sums over all files cannot overflow from here on.
        _bytes += bytes.Value;
        return new ShardFileInfo(basename, bytes.Value, hashes);
    }

    private List<KeyValuePair<string, string>> ReadHashes(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "an object of hashes");
        var hashes = new List<KeyValuePair<string, string>>();
        while (NextName(ref reader))
        {
            var name = _schemas.Intern(reader.GetString()!);
            hashes.Add(new(name, ReadString(ref reader, name)));
        }

        return hashes;
    }

    private ImmutableArray<string> ReadHashNames(ref Utf8JsonReader reader)
    {
        var names = ReadStrings(ref reader, "hashes");
        return names.Count == 0 ? [] : _schemas.Intern(names);
    }

    private void ReadColumns(ref Utf8JsonReader reader, IndexEntry entry)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "an object of columns");
        entry.Names = [];
        entry.Encodings = [];
        while (NextName(ref reader))
        {
            entry.Names.Add(_schemas.Intern(reader.GetString()!));
            entry.Encodings.Add(_schemas.Intern(ReadString(ref reader, entry.Names[^1])));
        }
    }

    private List<int?> ReadSizes(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartArray, "a list for 'column_sizes'");
        var sizes = new List<int?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                sizes.Add(null);
            }
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var size) && size >= 0)
            {
                // Upstream's readers take a column of size 0 for one of variable size.
                sizes.Add(size == 0 ? null : size);
            }
            else
            {
                throw Fail(ref reader, "'column_sizes' holds something that is neither a size nor null.");
            }
        }

        return sizes;
    }

    private List<string> ReadStrings(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartArray, $"a list for '{key}'");
        var strings = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.String, $"strings in '{key}'");
            strings.Add(_schemas.Intern(reader.GetString()!));
        }

        return strings;
    }

    private long? ReadSizeLimit(ref Utf8JsonReader reader)
    {
        reader.Read();
        var limit = reader.TokenType switch
        {
            JsonTokenType.Null => (long?)0,
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
            JsonTokenType.String when ByteSize.TryParse(reader.GetString(), out var size) => size.Bytes,
            _ => null,
        };
        return limit switch
        {
            null => throw Fail(ref reader, "'size_limit' is not a size in bytes."),
            < 0 => throw Fail(ref reader, $"'size_limit' is {limit}."),
            0 => null,
            _ => limit,
        };
    }

    private long ReadInteger(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw Fail(ref reader, $"'{key}' is not a whole number of 64 bits.");
    }

    private string ReadString(ref Utf8JsonReader reader, string key) =>
        ReadStringOrNull(ref reader, key) ?? throw Fail(ref reader, $"'{key}' is null.");

    private string? ReadStringOrNull(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null
            ? reader.GetString()
            : throw Fail(ref reader, $"'{key}' is not a string.");
    }

    private static bool NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
        {
            throw Fail(ref reader, $"it should have {what}.");
        }
    }

    private ShardFormatException Fail(ref Utf8JsonReader reader, string problem) =>
        new(new ShardLocation(_location, reader.TokenStartIndex), _shard < 0 ? problem : $"shard {_shard}: {problem}");
}
