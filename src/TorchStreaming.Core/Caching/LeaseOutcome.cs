// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>How a lease was met.</summary>
internal enum LeaseOutcome
{
    /// <summary>The shard was resident.</summary>
    Hit,

    /// <summary>Another caller or process made it resident meanwhile.</summary>
    Wait,

    /// <summary>This caller made it resident.</summary>
    Miss,
}
