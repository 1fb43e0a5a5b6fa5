// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Shards of one bucket, as a source of an <see cref="AISZipStream"/>; sources may be in different clusters.</summary>
/// <remarks>Immutable. Mirrors <c>aistore.sdk.DataShard</c>.</remarks>
public sealed record DataShard
{
    /// <summary>Creates the source; no I/O is done yet.</summary>
    /// <param name="clientUrl">The address of a proxy of the cluster.</param>
    /// <param name="bucketName">The bucket.</param>
    /// <param name="provider">The backend.</param>
    /// <param name="prefix">What the shards' names start with.</param>
    /// <param name="etlName">Must be <see langword="null"/>: a cluster that transforms ignores which member it is asked for.</param>
    /// <exception cref="ArgumentException">A part is malformed, or a transform is asked for.</exception>
    public DataShard(string clientUrl, string bucketName, string provider = "ais", string prefix = "", string? etlName = null)
        : this(new AISClient(clientUrl).Bucket(bucketName, provider), prefix, etlName)
    {
    }

    /// <summary>Creates the source; no I/O is done yet.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">What the shards' names start with.</param>
    /// <param name="etlName">Must be <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">A transform is asked for.</exception>
    public DataShard(AISBucket bucket, string prefix = "", string? etlName = null)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        ArgumentNullException.ThrowIfNull(prefix);
        if (etlName is not null)
        {
            throw new ArgumentException(
                "A cluster that transforms an object ignores which member of it is asked for, so the members of shards cannot be "
                    + "transformed on the way. Transform them after they are read.",
                nameof(etlName));
        }

        (Bucket, Prefix) = (bucket, prefix);
    }

    /// <summary>Gets the bucket.</summary>
    public AISBucket Bucket { get; }

    /// <summary>Gets what the shards' names start with.</summary>
    public string Prefix { get; }

    /// <inheritdoc/>
    public override string ToString() => Prefix.Length > 0 ? $"{Bucket}: {Prefix}" : $"{Bucket}";
}
