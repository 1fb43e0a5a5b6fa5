// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming;

/// <summary>The place in a dataset that a failure is about. Members that do not apply are <see langword="null"/>.</summary>
/// <param name="File">The index or shard file, as a path or URI free of secrets.</param>
/// <param name="Offset">The byte offset in the file.</param>
/// <param name="Sample">The sample's number within the shard.</param>
/// <param name="Column">The column's name.</param>
public sealed record ShardLocation(string File, long? Offset = null, long? Sample = null, string? Column = null)
{
    /// <summary>Renders the place for a message, for example <c>'shard.00017.mds', sample 412, column 'image', offset 73400321</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder().Append('\'').Append(File).Append('\'');
        if (Sample is { } sample)
        {
            text.Append(", sample ").Append(sample);
        }

        if (Column is { } column)
        {
            text.Append(", column '").Append(column).Append('\'');
        }

        if (Offset is { } offset)
        {
            text.Append(", offset ").Append(offset);
        }

        return text.ToString();
    }
}
