// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>How far a call that writes many samples has come.</summary>
/// <param name="Samples">The samples written by the call.</param>
/// <param name="Total">The samples that it will write, if that is known.</param>
public readonly record struct WriteProgress(long Samples, long? Total);
