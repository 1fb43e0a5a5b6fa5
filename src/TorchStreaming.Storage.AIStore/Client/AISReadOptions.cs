// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Storage;

/// <summary>What of an object is read, and through which transform.</summary>
public sealed record AISReadOptions
{
    /// <summary>Gets the bytes wanted.</summary>
    /// <value>The default is <see langword="null"/>: all.</value>
    public ByteRange? Range { get; init; }

    /// <summary>Gets the member wanted of an object that is an archive (tar, tgz, zip, tar.lz4).</summary>
    /// <value>The default is <see langword="null"/>: the object itself.</value>
    public string? ArchivePath { get; init; }

    /// <summary>Gets the archive's kind, such as <c>.tar</c>, where the object's name does not tell.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? ArchiveType { get; init; }

    /// <summary>Gets the members wanted of an object that is a tar; they arrive as a tar.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public AISArchiveMatch? ArchiveMatch { get; init; }

    /// <summary>Gets the transform (ETL) that the cluster applies; its checksum and size are not known beforehand.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    public string? EtlName { get; init; }

    /// <summary>Gets what the transform is given: a text, or JSON.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? EtlArguments { get; init; }

    /// <summary>Gets the transforms that follow <see cref="EtlName"/>.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> EtlPipeline { get; init; } = [];

    /// <summary>Gets whether a remote bucket's object is compared with its backend first.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Latest { get; init; }

    internal bool HasTransform => EtlName is not null;

    /// <summary>Gets whether the object's own bytes are read, so that its size, tag and checksum hold.</summary>
    internal bool IsPlain => !HasTransform && ArchivePath is null && ArchiveMatch is null;

    internal void ThrowIfInvalid()
    {
        ObjectConditions.ThrowIfInvalid(Range);
        if (ArchivePath is not null && ArchiveMatch is not null)
        {
            throw new ArgumentException("One member of an archive is read, or those that match: not both.");
        }

        if (!IsPlain && Range is not null)
        {
            throw new ArgumentException("A cluster gives ranges of objects only, not of archives' members or of transformed objects.");
        }

        if (HasTransform && (ArchivePath is not null || ArchiveMatch is not null))
        {
            throw new ArgumentException(
                "A cluster that transforms an object ignores which member of it is asked for. Transform the object, or read the member.");
        }

        if (!HasTransform && (EtlArguments is not null || EtlPipeline.Count > 0))
        {
            throw new ArgumentException($"Arguments and further transforms need an {nameof(EtlName)}.");
        }
    }

    internal string ToQuery(AISBucketName bucket)
    {
        var query = new StringBuilder(bucket.Query);
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Add("etl_name", EtlName);
        Add("etl_args", EtlArguments);
        Add("etl_pipeline", EtlPipeline.Count > 0 ? string.Join(',', EtlPipeline) : null);
        Add("archpath", ArchivePath);
        Add("archmime", ArchiveType);
        Add("archregx", ArchiveMatch?.Pattern);
        Add("archmode", ArchiveMatch?.ModeName);
        Add("latest-ver", Latest ? "true" : null);
        return query.ToString();
    }
}
