// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>Makes a value of the bytes of a field.</summary>
/// <param name="bytes">The field, a loan for the time of the call.</param>
/// <returns>The value, which owns its memory.</returns>
/// <remarks>Called by several threads at a time. What it throws becomes a <see cref="SampleDecodeException"/> with the place.</remarks>
public delegate object? LegacyDecoder(ReadOnlySpan<byte> bytes);
