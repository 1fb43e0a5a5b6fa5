// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>One item of raw data, which becomes a sample or is left out.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Part">Its content, where the source is read from front to back.</param>
internal readonly record struct RawItem(int Number, RawPart? Part = null);
