// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>What has objects by number, as <see cref="DynamicBatchSampler"/> needs them.</summary>
public interface IAISObjectSource
{
    /// <summary>Gets the objects; a sample's number is its object's place.</summary>
    IReadOnlyList<AISObject> Objects { get; }
}
