// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>One page of a listing.</summary>
/// <param name="Uuid">The listing's id, to be sent along with the next call.</param>
/// <param name="ContinuationToken">Where the next page starts; empty after the last one. A page may be empty and not the last.</param>
/// <param name="Entries">The lines.</param>
internal sealed record AISListPage(string Uuid, string ContinuationToken, List<AISListEntry> Entries);
