// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A member of a cluster.</summary>
/// <param name="Id">The id.</param>
/// <param name="Digest">The id's hash, from which owners of objects are found.</param>
/// <param name="Address">The address for clients.</param>
/// <param name="Flags">The state: 4 for maintenance, 8 for leaving.</param>
internal sealed record AISNode(string Id, ulong Digest, string Address, int Flags)
{
    /// <summary>Gets whether the member holds objects, or is on its way out.</summary>
    public bool IsActive => (Flags & (4 | 8)) == 0;
}
