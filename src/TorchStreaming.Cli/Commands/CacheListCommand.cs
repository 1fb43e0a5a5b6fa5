// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TorchStreaming.Caching;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cache list</c>: which streams and shards are in a cache.</summary>
internal sealed class CacheListCommand : ToolCommand
{
    private readonly CacheDirectoryArgument _directory = new();
    private readonly Option<bool> _shards = new("--shards") { Description = "List every shard; JSON always does." };
    private readonly JsonOption _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public CacheListCommand(ToolConsole console)
        : base("list", "Shows what a cache holds: streams, where they came from, shards, sizes, last use, and what is in use.", console)
    {
        Add(_directory);
        Add(_shards);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["cache list --shards", "cache list /nvme/cache", "cache list /nvme/cache --json"];

    private int Run(ParseResult parsed)
    {
        var streams = CacheContents.List(parsed.GetRequiredValue(_directory));
        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteDocument(
                Console.Output, streams.Select(ToDocument), DocumentContext.Default.IEnumerableCachedStreamDocument);
        }
        else
        {
            Console.Tables.Write(parsed.GetValue(_shards) ? ToShardTable(streams) : ToTable(streams));
            var bytes = new ByteSize(streams.Sum(static stream => stream.Bytes));
            Console.Say(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(streams.Length, "stream")}, {bytes}"));
        }

        return ExitCodes.Success;
    }

    private static Table ToTable(ImmutableArray<CachedStream> streams)
    {
        var table = NewTable("directory", "from", "shards", "size", "in use", "last use");
        foreach (var stream in streams)
        {
            AddRow(
                table,
                stream.Directory,
                stream.Problem is null ? stream.Remote ?? "not downloaded: perhaps the only copy" : $"damaged: {stream.Problem}",
                string.Create(
                    CultureInfo.InvariantCulture, $"{stream.Shards.Count(static shard => shard.IsWhole):N0} of {stream.ShardCount:N0}"),
                new ByteSize(stream.Bytes).ToString(),
                string.Create(CultureInfo.InvariantCulture, $"{stream.Shards.Count(static shard => shard.IsLeased):N0}"),
                Render(stream.LastUse));
        }

        return table;
    }

    private static Table ToShardTable(ImmutableArray<CachedStream> streams)
    {
        var table = NewTable("shard", "size", "state", "last use");
        foreach (var (stream, shard) in streams.SelectMany(static stream => stream.Shards.Select(shard => (stream, shard))))
        {
            AddRow(
                table,
                Path.Join(stream.Directory, shard.Name),
                new ByteSize(shard.Bytes).ToString(),
                shard.IsLeased ? "in use" : shard.IsWhole ? "whole" : "incomplete",
                Render(shard.LastUse));
        }

        return table;
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        return columns.Aggregate(table, static (table, name) => table.AddColumn(name));
    }

    private static void AddRow(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(static cell => Markup.Escape(TerminalText.OneLine(cell)))]);

    private static string Render(DateTime? time) =>
        time?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "";

    private static CachedStreamDocument ToDocument(CachedStream stream) => new(
        stream.Directory, stream.Remote, stream.ShardCount, stream.Bytes, stream.Problem, stream.Shards.Select(static shard => new CachedShardDocument(
            shard.Number, shard.Name, shard.Bytes, shard.IsWhole, shard.IsLeased, shard.LastUse?.ToString("O", CultureInfo.InvariantCulture))));
}
