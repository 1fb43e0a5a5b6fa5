// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Where a tar's table of samples is on this machine.</summary>
/// <param name="Table">The path of the table.</param>
/// <param name="Samples">The samples of the table that are used, ascending; <see langword="null"/> for all of them.</param>
internal sealed record TarSampleSource(string Table, int[]? Samples = null);
