// SPDX-License-Identifier: MIT

using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>What an index says, for people and for programs.</summary>
internal sealed class DatasetSummary
{
    private const string None = "none";

    private readonly string _location;
    private readonly DatasetIndex _index;
    private readonly string[] _formats;
    private readonly string?[] _compressions;
    private readonly string[] _hashes;
    private readonly long?[] _sizeLimits;
    private readonly ShardSchema[] _schemas;
    private readonly bool _isStoredSizeKnown;

    /// <summary>Summarizes an index.</summary>
    /// <param name="location">Where it is, free of secrets.</param>
    /// <param name="index">The index.</param>
    public DatasetSummary(string location, DatasetIndex index)
    {
        _location = location;
        _index = index;
        _isStoredSizeKnown = !index.Shards.Any(
            static shard => shard.Files.Any(static file => file.Stored.Bytes == ShardFileInfo.UnknownSize));
        _schemas = [.. index.Shards.Select(static shard => shard.Schema).Distinct()];
        _formats = [.. _schemas.Select(static schema => schema.Format).Distinct()];
        _compressions = [.. index.Shards.Select(static shard => shard.Compression).Distinct()];
        _hashes = [.. index.Shards.SelectMany(static shard => shard.Hashes).Distinct().Order(StringComparer.Ordinal)];
        _sizeLimits = [.. index.Shards.Select(static shard => shard.SizeLimit).Distinct()];
    }

    private IEnumerable<ShardColumn> Columns => _schemas.SelectMany(static schema => schema.Columns).Distinct();

    /// <summary>Gets everything but the columns, as names and texts.</summary>
    public IEnumerable<(string Name, string Text)> ToFacts() =>
    [
        ("location", _location),
        ("samples", Number(_index.SampleCount)),
        ("shards", Shards()),
        ("raw size", Size(_index.RawBytes)),
        ("stored size", StoredSize()),
        ("format", string.Join(", ", _formats)),
        ("compression", string.Join(", ", _compressions.Select(static name => name ?? None))),
        ("hashes", _hashes.Length == 0 ? None : string.Join(", ", _hashes)),
        ("size limit", string.Join(", ", _sizeLimits.Select(static limit => limit is { } bytes ? new ByteSize(bytes).ToString() : None))),
    ];

    /// <summary>Renders the columns, those of each schema if shards differ.</summary>
    public IRenderable ToColumns()
    {
        var table = new Table()
            .AddColumn("column").AddColumn("encoding").AddColumn(new TableColumn("bytes").RightAligned());
        foreach (var column in Columns)
        {
            table.AddRow(
                new Text(TerminalText.OneLine(column.Name)),
                new Text(TerminalText.OneLine(column.Encoding)),
                new Text(column.Size is { } size ? Number(size) : "varies"));
        }

        return table;
    }

    /// <summary>Makes the document for programs.</summary>
    public InfoDocument ToDocument() => new(
        _location,
        _index.SampleCount,
        _index.Shards.Length,
        _index.RawBytes,
        _isStoredSizeKnown ? _index.StoredBytes : null,
        _formats,
        _compressions,
        _hashes,
        _sizeLimits,
        Columns.Select(static column => new ColumnDocument(column.Name, column.Encoding, column.Size)));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{new ByteSize(bytes)} ({bytes:N0} bytes)");

    private string StoredSize()
    {
        if (!_isStoredSizeKnown)
        {
            return "not recorded";
        }

        return _index.RawBytes == 0
            ? Size(_index.StoredBytes)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Size(_index.StoredBytes)}, {100.0 * _index.StoredBytes / _index.RawBytes:0.0} % of raw");
    }

    private string Shards()
    {
        if (_index.Shards.IsEmpty)
        {
            return "0";
        }

        var (least, most) = (_index.Shards.Min(static shard => shard.SampleCount), _index.Shards.Max(static shard => shard.SampleCount));
        var samples = least == most ? Number(most) : $"{Number(least)} to {Number(most)}";
        return $"{Number(_index.Shards.Length)} of {samples} samples";
    }
}
