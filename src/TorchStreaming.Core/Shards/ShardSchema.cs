// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>The columns of a shard and what its format needs to find them. Equal schemas of one dataset are one object.</summary>
public sealed class ShardSchema
{
    /// <summary>Creates the schema.</summary>
    /// <param name="format">Upstream's format name: <c>mds</c>, <c>json</c>, <c>csv</c>, <c>tsv</c>, <c>xsv</c>.</param>
    /// <param name="columns">The columns, in the order of the format.</param>
    public ShardSchema(string format, ImmutableArray<ShardColumn> columns)
    {
        Format = format;
        Columns = columns;
    }

    /// <summary>Gets upstream's format name.</summary>
    public string Format { get; }

    /// <summary>Gets the name of the format whose encodings the values have: what a legacy field is said to hold has the bytes of the MDS
    /// encoding.</summary>
    internal string ValueFormat => Format == ShardFormats.Legacy ? ShardFormats.Mds : Format;

    /// <summary>Gets the columns, in the order of the format.</summary>
    public ImmutableArray<ShardColumn> Columns { get; }

    /// <summary>Gets the text between lines, for text formats.</summary>
    public string? Newline { get; init; }

    /// <summary>Gets the text between columns, for separated-value formats.</summary>
    public string? Separator { get; init; }

    /// <summary>Finds a column.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its place in <see cref="Columns"/>, or -1.</returns>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            if (Columns[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Format}: {string.Join(", ", Columns.Select(static column => $"{column.Name} {column.Encoding}"))}";
}
