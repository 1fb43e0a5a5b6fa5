// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>What becomes of a file that is damaged or no image of the expected format.</summary>
public enum ImageErrorPolicy
{
    /// <summary>The conversion stops and names the file. It can be continued when the file has been mended.</summary>
    Fail,

    /// <summary>The file is left out, counted and named in the result.</summary>
    Skip,
}
