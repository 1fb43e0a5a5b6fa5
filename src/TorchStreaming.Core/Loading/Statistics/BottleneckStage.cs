// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>The stage that the loop waited for most: the one-word verdict on a loader's speed.</summary>
public enum BottleneckStage : byte
{
    /// <summary>Nothing was measured yet.</summary>
    None,

    /// <summary>The loop itself: batches were ready when it asked for them. Nothing to tune here.</summary>
    Consumer,

    /// <summary>Planning the order of the epoch.</summary>
    Ordering,

    /// <summary>Shards that were not yet on disk. More concurrent downloads, a larger look-ahead or a nearer store help.</summary>
    Download,

    /// <summary>Decoding and transforming. More threads help, up to the number of cores.</summary>
    Decode,
}
