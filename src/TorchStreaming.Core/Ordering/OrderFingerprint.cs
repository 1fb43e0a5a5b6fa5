// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>What an order was made from, short enough to travel in a state and clear enough to be shown.</summary>
/// <param name="Samples">The samples of the dataset.</param>
/// <param name="Shards">The shards of the dataset.</param>
/// <param name="Sizes">A digest of all shard sizes, in hexadecimal.</param>
/// <param name="Options">The options that a state does not otherwise hold, as <c>name=value</c> pairs.</param>
internal sealed record OrderFingerprint(long Samples, long Shards, string Sizes, string Options);
