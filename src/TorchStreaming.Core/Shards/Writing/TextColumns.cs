// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Makes the columns of text formats.</summary>
internal static class TextColumns
{
    /// <summary>Sorts columns by name and checks their encodings.</summary>
    /// <exception cref="ArgumentException">A column's encoding is unknown.</exception>
    public static ImmutableArray<ShardColumn> Create(string format, IReadOnlyDictionary<string, string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return
        [
            .. columns.OrderBy(static column => column.Key, CodePointComparer.Instance)
                .Select(column => new ShardColumn(column.Key, TextFieldEncodings.Get(format, column.Value).Name, null)),
        ];
    }
}
