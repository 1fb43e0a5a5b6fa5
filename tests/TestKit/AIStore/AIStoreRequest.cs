// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>A request that a node of an <see cref="AIStoreServer"/> got.</summary>
/// <param name="Node">The node: p1, t1, t2, x1.</param>
/// <param name="Method">The verb.</param>
/// <param name="Path">The path as it was sent, escaped.</param>
/// <param name="Query">The query with its question mark.</param>
/// <param name="Authorization">The header.</param>
/// <param name="Range">The header.</param>
/// <param name="Expect">The header.</param>
/// <param name="Accept">The header.</param>
/// <param name="ConnectionId">The connection.</param>
public sealed record AIStoreRequest(
    string Node,
    string Method,
    string Path,
    string Query,
    string? Authorization,
    string? Range,
    string? Expect,
    string? Accept,
    string ConnectionId)
{
    /// <summary>Gets whether the node is a proxy.</summary>
    public bool IsProxy => Node[0] == 'p';

    /// <summary>Gets whether the node is a target.</summary>
    public bool IsTarget => Node[0] == 't';

    /// <summary>Gets whether an object is concerned.</summary>
    public bool IsObject => Path.StartsWith("/v1/objects/", StringComparison.Ordinal);

    /// <summary>Gets whether this is a page of a listing.</summary>
    public bool IsList => Method == "GET" && Path.StartsWith("/v1/buckets/", StringComparison.Ordinal);

    /// <summary>Gets whether a batch is concerned.</summary>
    public bool IsBatch => Path.StartsWith("/v1/ml/moss", StringComparison.Ordinal);
}
