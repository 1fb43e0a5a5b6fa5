// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>What to do with an item of raw data that is damaged or not of the expected format.</summary>
public enum ConversionErrorPolicy
{
    /// <summary>The conversion stops and names the file. It can be continued when the file has been repaired.</summary>
    Fail,

    /// <summary>The item is left out, counted and named in the result.</summary>
    Skip,
}
