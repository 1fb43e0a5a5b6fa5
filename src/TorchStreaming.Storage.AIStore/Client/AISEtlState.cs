// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What is known about a transform (ETL) of a cluster.</summary>
internal enum AISEtlState
{
    /// <summary>The caller may not ask.</summary>
    Unknown,

    /// <summary>There is no such transform.</summary>
    Absent,

    /// <summary>It is there and does not run.</summary>
    Stopped,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>The cluster has no transforms at all: it is built without them, or runs outside Kubernetes.</summary>
    NotSupported,
}
