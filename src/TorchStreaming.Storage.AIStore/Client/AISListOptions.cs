// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What is listed of a bucket.</summary>
public sealed record AISListOptions
{
    /// <summary>Gets what names start with; no pattern.</summary>
    /// <value>The default is empty: everything.</value>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the names on a page.</summary>
    /// <value>The default is 0: as many as the backend gives.</value>
    public int PageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Gets the properties wanted, with commas between: <c>name</c>, <c>size</c>, <c>checksum</c>, <c>atime</c>, <c>version</c>,
    /// <c>location</c>, <c>custom</c>, <c>copies</c>, <c>cached</c>, <c>status</c>.</summary>
    /// <value>The default is <c>name,size</c>.</value>
    public string Properties { get; init; } = "name,size";

    /// <summary>Gets what is included.</summary>
    /// <value>The default is <see cref="AISListFlags.None"/>.</value>
    public AISListFlags Flags { get; init; }

    /// <summary>Gets the name after which the listing starts; AIStore's own buckets only.</summary>
    /// <value>The default is empty: at the start.</value>
    public string StartAfter { get; init; } = "";

    /// <summary>Gets whether pages are asked for as JSON instead of the shorter MessagePack. Either is understood.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool PreferJson { get; init; }
}
