// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Loading;

/// <summary>A shard in memory.</summary>
/// <param name="Name">The shard's name.</param>
/// <param name="Samples">The samples, in the order in which their first members come.</param>
/// <param name="Fields">The fields of all members, in the order in which they come; directories and links count too, as in the
/// reference.</param>
internal sealed record AISShard(
    string Name, List<(string Key, OrderedDictionary<string, ReadOnlyMemory<byte>> Fields)> Samples, List<string> Fields)
{
    /// <summary>Reads a shard to its end mark.</summary>
    /// <param name="stream">The shard as it is stored; left open.</param>
    /// <param name="name">The shard's name.</param>
    /// <param name="location">The shard for messages.</param>
    /// <param name="isTransformed">Whether the stream is a transform's, which gives a plain tar whatever the name says.</param>
    /// <param name="rule">How names become samples and fields.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async ValueTask<AISShard> ReadAsync(
        Stream stream, string name, string location, bool isTransformed, TarKeyRule rule, CancellationToken cancellationToken)
    {
        var plain = isTransformed ? stream : TarCompression.Decompress(stream, name);
        var tar = new TarStreamReader(plain, location, leaveOpen: plain == stream);
        await using (tar.ConfigureAwait(false))
        {
            var shard = new AISShard(name, [], []);
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            while (await tar.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!TarKey.TryParse(tar.Name, rule, out var parts))
                {
                    continue;
                }

                var key = Encoding.UTF8.GetString(tar.Name[parts.Key]);
                var field = Encoding.UTF8.GetString(tar.Name[parts.Field]);
                field = rule == TarKeyRule.WebDataset ? field.ToLowerInvariant() : field;
                if (!shard.Fields.Contains(field))
                {
                    shard.Fields.Add(field);
                }

                if (tar.Kind == TarMemberKind.File)
                {
                    var start = tar.Start;
                    var content = await TarMember.ReadAsync(tar, location, cancellationToken).ConfigureAwait(false);
                    shard.Add(places, rule, key, field, content, new ShardLocation(location, start));
                }
            }

            return shard;
        }
    }

    private void Add(
        Dictionary<string, int> places, TarKeyRule rule, string key, string field, ReadOnlyMemory<byte> content, ShardLocation location)
    {
        // WebDataset's samples are members that follow each other, AIStore's are all with the same key.
        var isNew = rule == TarKeyRule.WebDataset
            ? Samples.Count == 0 || Samples[^1].Key != key
            : !places.ContainsKey(key);
        if (isNew)
        {
            places[key] = Samples.Count;
            Samples.Add((key, new OrderedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal)));
        }

        var fields = Samples[places[key]].Fields;
        if (rule == TarKeyRule.WebDataset && fields.ContainsKey(field))
        {
            throw new ShardFormatException(location, $"the sample '{key}' has the field '{field}' twice.");
        }

        fields[field] = content;
    }
}
