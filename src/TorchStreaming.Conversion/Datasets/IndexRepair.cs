// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Replaces a lost or damaged <c>index.json</c> by one that is made of the shards beside it.</summary>
internal static class IndexRepair
{
    /// <summary>What the name of the former index ends with.</summary>
    public const string BackupExtension = ".bak";

    /// <summary>Makes the index of a local directory again. The former one, if there is one, is kept beside it.</summary>
    /// <param name="location">The directory.</param>
    /// <param name="split">The sub-folder that holds the shards, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the call between shards; nothing is changed then.</param>
    /// <returns>The new index.</returns>
    /// <exception cref="ShardFormatException">A shard is damaged or missing, or there is none at all; nothing is changed.</exception>
    /// <exception cref="StorageException">The location is a URL, or a file cannot be read or written.</exception>
    public static DatasetIndex Repair(string location, string? split = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        var directory = ObjectStoreLocation.Append(location, split);
        if (ObjectStoreLocation.GetScheme(directory) is not null)
        {
            var place = ObjectStoreLocation.WithoutSecrets(directory);
            throw new StorageException(
                StorageErrorKind.NotSupported, place, $"'{place}' is not a local folder. Copy it, repair the copy and upload its index.");
        }

        var index = IndexRebuilder.Rebuild(directory, cancellationToken);
        var text = new ArrayBufferWriter<byte>();
        index.Write(text);
        var path = Path.Join(directory, DatasetIndex.FileName);
        if (File.Exists(path))
        {
            LocalFiles.Guard(path, () => File.Copy(path, path + BackupExtension, overwrite: true));
        }

        LocalFiles.Publish(path, text.WrittenSpan);
        return index;
    }
}
