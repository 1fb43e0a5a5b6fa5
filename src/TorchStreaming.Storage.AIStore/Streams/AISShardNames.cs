// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Streams;

/// <summary>What the names of a shard's members say without the shard being read.</summary>
internal static class AISShardNames
{
    /// <summary>Counts the samples of a shard. The cluster lists members by name and not in the order of the shard, so samples of the
    /// WebDataset rule that are apart in the shard count once.</summary>
    /// <param name="shard">The shard: any archive that the cluster looks into.</param>
    /// <param name="rule">How members become samples.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The number of samples.</returns>
    /// <exception cref="StorageException">The listing failed.</exception>
    public static async ValueTask<long> CountSamplesAsync(
        AISObject shard, TarKeyRule rule = TarKeyRule.AIStore, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(shard);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var member in shard.Bucket.ListArchiveAsync(shard.Name, cancellationToken).ConfigureAwait(false))
        {
            var name = Encoding.UTF8.GetBytes(member.Name);
            if (TarKey.TryParse(name, rule, out var parts))
            {
                keys.Add(Encoding.UTF8.GetString(name[parts.Key]));
            }
        }

        return keys.Count;
    }
}
