// SPDX-License-Identifier: MIT

using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>A sample, or none.</summary>
/// <typeparam name="TSample">What samples are.</typeparam>
/// <param name="HasValue">Whether there is one.</param>
/// <param name="Value">The sample.</param>
internal readonly record struct AISMaybe<TSample>(bool HasValue, TSample Value)
{
    /// <summary>Creates a sample.</summary>
    /// <param name="value">The sample.</param>
    public AISMaybe(TSample value)
        : this(true, value)
    {
    }
}
