// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Interactive;

/// <summary>Shows the columns of shards.</summary>
internal static class SchemaTables
{
    /// <summary>Writes a table for each schema.</summary>
    public static void Write(IEnumerable<ShardSchema> schemas, HtmlPage page)
    {
        foreach (var schema in schemas)
        {
            page.Table(
                [$"column ({schema.Format})", "encoding", "bytes"],
                schema.Columns.Select(static column => new[] { column.Name, column.Encoding, column.Size is { } size ? $"{size}" : "" }));
        }
    }
}
