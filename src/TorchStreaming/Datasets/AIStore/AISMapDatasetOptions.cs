// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>What an <see cref="AISMapDataset"/> reads, and how bytes become tensors.</summary>
public sealed record AISMapDatasetOptions
{
    /// <summary>Gets the sources: buckets or groups of objects, at least one.</summary>
    /// <remarks>Mirrors <c>ais_source_list</c>.</remarks>
    public required IReadOnlyList<AISSource> Sources { get; init; }

    /// <summary>Gets which prefixes of the sources are read.</summary>
    /// <value>The default is none: everything.</value>
    /// <remarks>Mirrors <c>prefix_map</c>.</remarks>
    public AISPrefixMap PrefixMap { get; init; } = [];

    /// <summary>Gets the transform that the cluster applies to each object. Whether there is such a transform shows at the first read.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    /// <remarks>Mirrors <c>etl_name</c>.</remarks>
    public string? EtlName { get; init; }

    /// <summary>Gets how bytes become tensors.</summary>
    /// <value>The default leaves them bytes.</value>
    public AISDecoders Decoders { get; init; } = AISDecoders.RawBytes;

    /// <inheritdoc/>
    public override string ToString() => $"AISMapDatasetOptions: {string.Join(", ", Sources)}; {PrefixMap}";
}
