// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>What an <see cref="AISIterDataset"/> or <see cref="AISShardReader"/> reads, and how bytes become tensors.</summary>
/// <remarks><see cref="AISStreamOptions.Fields"/> and <see cref="AISStreamOptions.KeyRule"/> are for shards.</remarks>
public record AISIterDatasetOptions : AISStreamOptions
{
    /// <summary>Gets the sources: buckets or groups of objects, at least one.</summary>
    /// <remarks>Mirrors <c>ais_source_list</c>, and <c>bucket_list</c> of <c>AISShardReader</c>.</remarks>
    public required IReadOnlyList<AISSource> Sources { get; init; }

    /// <summary>Gets how bytes become tensors.</summary>
    /// <value>The default leaves them bytes.</value>
    public AISDecoders Decoders { get; init; } = AISDecoders.RawBytes;

    /// <inheritdoc/>
    public sealed override string ToString() => $"{base.ToString()}; of {string.Join(", ", Sources)}";
}
