// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Streams;

/// <summary>A shard in memory, by AIStore's rule: all members with the same key are one sample, wherever they are.</summary>
/// <param name="Name">The shard's name.</param>
/// <param name="Samples">The samples, in the order in which their first members come.</param>
/// <param name="Fields">The fields of all members, in the order in which they come; directories and links count too, as in the
/// reference.</param>
internal sealed record AISShard(
    string Name, List<(string Key, OrderedDictionary<string, ReadOnlyMemory<byte>> Fields)> Samples, List<string> Fields)
{
    /// <summary>Reads a shard to its end mark.</summary>
    /// <param name="tar">The shard; left open.</param>
    /// <param name="name">The shard's name.</param>
    /// <param name="location">The shard for messages.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async ValueTask<AISShard> ReadAsync(
        TarStreamReader tar, string name, string location, CancellationToken cancellationToken)
    {
        var shard = new AISShard(name, [], []);
        var samples = new Dictionary<string, OrderedDictionary<string, ReadOnlyMemory<byte>>>(StringComparer.Ordinal);
        while (await tar.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!TarKey.TryParse(tar.Name, TarKeyRule.AIStore, out var parts))
            {
                continue;
            }

            var key = Encoding.UTF8.GetString(tar.Name[parts.Key]);
            var field = Encoding.UTF8.GetString(tar.Name[parts.Field]);
            if (!shard.Fields.Contains(field))
            {
                shard.Fields.Add(field);
            }

            if (tar.Kind != TarMemberKind.File)
            {
                continue;
            }

            var content = await TarMember.ReadAsync(tar, location, cancellationToken).ConfigureAwait(false);
            if (!samples.TryGetValue(key, out var fields))
            {
                fields = new OrderedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
                samples.Add(key, fields);
                shard.Samples.Add((key, fields));
            }

            fields[field] = content;
        }

        return shard;
    }
}
