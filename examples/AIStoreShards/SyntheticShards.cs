// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using System.Globalization;
using System.Text;
using TorchStreaming.Storage;

namespace AIStoreShards;

/// <summary>Makes tar shards as WebDataset lays them out: a few members with a common key for each sample.</summary>
internal static class SyntheticShards
{
    /// <summary>Writes shards into a bucket.</summary>
    /// <returns>The number of samples.</returns>
    public static async Task<int> WriteAsync(AISBucket bucket, int shards, int samplesPerShard)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            using var bytes = new MemoryStream();
            await using (var tar = new TarWriter(bytes, leaveOpen: true))
            {
                for (var i = 0; i < samplesPerShard; i++)
                {
                    var id = (shard * samplesPerShard) + i;
                    var key = id.ToString("d6", CultureInfo.InvariantCulture);
                    await AddAsync(tar, key + ".bin", Enumerable.Repeat((byte)id, 4096).ToArray());
                    await AddAsync(tar, key + ".cls", Encoding.ASCII.GetBytes((id % 10).ToString(CultureInfo.InvariantCulture)));
                }
            }

            await bucket.Object($"train-{shard:d4}.tar").PutAsync(bytes.ToArray());
        }

        return shards * samplesPerShard;
    }

    private static async Task AddAsync(TarWriter tar, string name, byte[] content) =>
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
