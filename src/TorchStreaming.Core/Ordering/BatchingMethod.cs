// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>How the samples of several streams meet in batches.</summary>
/// <remarks>Mirrors <c>streaming.StreamingDataset(batching_method=…)</c>.</remarks>
public enum BatchingMethod
{
    /// <summary>The streams are one pool of samples. Mirrors <c>random</c>, the default.</summary>
    Random,

    /// <summary>Every global batch holds samples of every stream in proportion. Mirrors <c>stratified</c>.</summary>
    /// <remarks>A device batch is not stratified by itself: the global batch is laid out stream by stream and then cut, as upstream
    /// does.</remarks>
    Stratified,

    /// <summary>Every global batch holds samples of one stream. Mirrors <c>per_stream</c>.</summary>
    PerStream,

    /// <summary>Every device batch holds samples of one stream. Mirrors <c>device_per_stream</c>.</summary>
    DevicePerStream,
}
